package dev.parley.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Types that a native image lets Jackson look into.
final class ReflectionRegistrations {

    private final Set<String> names;

    ReflectionRegistrations(JavaClasses classes) {
        names = classes.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                .flatMap(ReflectionRegistrations::registeredBy)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean contain(String className) {
        return names.contains(className);
    }

    /// Without targets the annotation registers its own type.
    private static Stream<String> registeredBy(JavaClass type) {
        var annotation = type.getAnnotationOfType(RegisterForReflection.class);
        if (annotation.targets().length + annotation.classNames().length == 0) {
            return Stream.of(type.getName());
        }
        return Stream.concat(
                Arrays.stream(annotation.targets()).map(Class::getName), Arrays.stream(annotation.classNames()));
    }
}
