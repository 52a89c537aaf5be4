package dev.parley.tool.builtin;

import dev.parley.tool.Description;
import dev.parley.tool.Invocation;
import dev.parley.tool.JavaTool;
import dev.parley.tool.ServerTool;
import dev.parley.tool.ToolFailure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

@ServerTool(name = "current_time", description = "The current date, weekday and time in a time zone.")
class CurrentTime implements JavaTool<CurrentTime.Arguments> {

    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEEE, ", Locale.ENGLISH);

    private final Clock clock;

    CurrentTime(Clock clock) {
        this.clock = clock;
    }

    @RegisterForReflection
    record Arguments(
            @Description("An IANA time zone such as Europe/Berlin; UTC if left out.") @Size(max = 64) @Nullable
            String timezone) {}

    @Override
    public Class<Arguments> arguments() {
        return Arguments.class;
    }

    @Override
    public String call(Arguments arguments, Invocation invocation) {
        var now = clock.instant()
                .truncatedTo(ChronoUnit.SECONDS)
                .atZone(arguments.timezone == null ? ZoneOffset.UTC : zone(arguments.timezone));
        return WEEKDAY.format(now) + DateTimeFormatter.ISO_ZONED_DATE_TIME.format(now);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw ToolFailure.withoutEffect(
                    "'timezone' is no IANA time zone: use a name such as Europe/Berlin or America/New_York.");
        }
    }
}
