package dev.parley.tool;

import jakarta.enterprise.inject.Stereotype;
import jakarta.inject.Singleton;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a [JavaTool] a bean, and a tool of every tenant.
@Stereotype
@Singleton
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ServerTool {

    /// Letters, digits and single `_` or `-`. It is taken from all that admins could declare, so it stays as it is.
    String name();

    /// For models: when to use it, and what comes back.
    String description();

    /// Whether a call changes something.
    boolean effects() default false;

    /// Whether somebody has to approve each call.
    boolean approval() default false;

    /// What a key needs besides `tools`, such as `tool:refunds`.
    String[] scopes() default {};

    int timeoutSeconds() default 10;
}
