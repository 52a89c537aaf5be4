package dev.parley;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a package as a feature and names the features it may use besides `problem`. The architecture test holds
/// the code to it.
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.CLASS)
public @interface Feature {

    /// Names of the packages under `dev.parley` whose public types this feature may use.
    String[] allowedDependencies() default {};
}
