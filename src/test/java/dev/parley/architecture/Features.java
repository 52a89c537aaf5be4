package dev.parley.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.parley.Feature;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Features as their packages declare them.
final class Features {

    /// What every feature may use.
    private static final Set<String> FOR_ALL = Set.of("problem", "api");

    private final String root;
    private final JavaClasses classes;

    Features(String root, JavaClasses classes) {
        this.root = root;
        this.classes = classes;
    }

    /// Names of the packages one level under the root that hold classes, at any depth.
    Set<String> names() {
        var names = new TreeSet<String>();
        classes.forEach(type -> featureOf(type).ifPresent(names::add));
        return names;
    }

    Optional<Feature> declaration(String feature) {
        return packageOf(feature).flatMap(found -> found.tryGetAnnotationOfType(Feature.class));
    }

    Optional<JavaPackage> packageOf(String feature) {
        return classes.containPackage(root + "." + feature)
                ? Optional.of(classes.getPackage(root + "." + feature))
                : Optional.empty();
    }

    /// The condition that a class uses only features which its own declares.
    ArchCondition<JavaClass> useOnlyDeclaredFeatures() {
        return new ArchCondition<>("use only features that their own declares") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                featureOf(type).ifPresent(feature -> type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> !isAllowed(feature, dependency))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription()))));
            }
        };
    }

    DescribedPredicate<JavaClass> inFeatures() {
        return DescribedPredicate.describe(
                "in features", type -> featureOf(type).isPresent());
    }

    private boolean isAllowed(String feature, Dependency dependency) {
        return featureOf(dependency.getTargetClass())
                .map(used -> used.equals(feature)
                        || FOR_ALL.contains(used)
                        || declaration(feature)
                                .map(Feature::allowedDependencies)
                                .map(Arrays::asList)
                                .filter(allowed -> allowed.contains(used))
                                .isPresent())
                .orElse(true);
    }

    private Optional<String> featureOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(root + ".")) {
            return Optional.empty();
        }
        String below = name.substring(root.length() + 1);
        int dot = below.indexOf('.');
        return Optional.of(dot < 0 ? below : below.substring(0, dot));
    }
}
