package dev.parley.function;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.util.Optional;
import java.util.logging.Handler;
import org.jboss.logging.Logger;
import org.jboss.logmanager.LogManager;
import org.jspecify.annotations.Nullable;

/// The process: a server, or with the argument `migrate` the migration alone. A start that fails is told to Lambda,
/// which would otherwise report nothing but an exit. Public, since Quarkus' development mode calls it by reflection.
///
/// No static logger: it would set up the JDK's log manager before Quarkus has put its own in place.
@QuarkusMain
public final class Main {

    private static final String RUNTIME_API = "AWS_LAMBDA_RUNTIME_API";
    private static final String LOG_MANAGER = "java.util.logging.manager";

    Main() {}

    public static void main(String... args) {
        useLogManager();
        try {
            configure();
        } catch (RuntimeException failure) {
            showLog();
            Logger.getLogger(Main.class).error("The process cannot start", failure);
            exit(1, failure);
            return;
        }
        if (args.length > 0 && args[0].equals(Migration.ARGUMENT)) {
            Migration.configure();
            Quarkus.run(Migration.class, Main::exit, args);
        } else {
            Quarkus.run(null, Main::exit, args);
        }
    }

    /// Whoever logs first decides, and that is whatever reads secrets, before Quarkus would see to it.
    private static void useLogManager() {
        if (System.getProperty(LOG_MANAGER) == null) {
            System.setProperty(LOG_MANAGER, LogManager.class.getName());
        }
    }

    /// Until Quarkus has read how to log, messages are kept for it.
    private static void showLog() {
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {InitialConfigurator.createDefaultHandler()});
    }

    private static void configure() {
        if (System.getenv(RUNTIME_API) != null) {
            LambdaDefaults.set();
        }
        if (FunctionName.MIGRATE.name().equalsIgnoreCase(System.getenv("PARLEY_FUNCTION"))) {
            Migration.activate();
        }
        StartSecrets.load(System.getenv());
    }

    /// Quarkus' own handler ends the process, but in development mode, where an exit is the start of a reload.
    private static void exit(int code, @Nullable Throwable failure) {
        if (failure != null) {
            Optional.ofNullable(System.getenv(RUNTIME_API)).ifPresent(api -> reportStart(api, failure));
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }

    /// Tells Lambda that this process cannot take invocations.
    static void reportStart(String endpoint, Throwable failure) {
        try (var api = new RuntimeApi(endpoint)) {
            api.failStart(FunctionFailure.atStart(failure));
        } catch (IOException unreachable) {
            Logger.getLogger(Main.class).warn("Could not report the failed start", unreachable);
        }
    }
}
