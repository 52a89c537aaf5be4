package dev.parley.architecture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;

/// Puts the guard into the application under test, so that every integration test watches every type it touches.
@Singleton
public class RegistrationGuardCustomizer implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(new RegistrationGuard(RegistrationGuardCustomizer::isUnregistered));
    }

    private static boolean isUnregistered(Class<?> type) {
        return type.getName().startsWith("dev.parley.")
                && !type.isInterface()
                && !type.isAnnotationPresent(RegisterForReflection.class)
                && Main.CLASSES.contain(type.getName())
                && !Main.REGISTERED.contain(type.getName());
    }

    /// Read when a type without the annotation turns up; types of the tests themselves are no concern of the image.
    private static final class Main {
        static final JavaClasses CLASSES = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.parley");
        static final ReflectionRegistrations REGISTERED = new ReflectionRegistrations(CLASSES);
    }
}
