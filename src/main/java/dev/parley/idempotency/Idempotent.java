package dev.parley.idempotency;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A method, most often of a resource, that, sent twice with one `Idempotency-Key`, has one effect and one answer.
///
/// With the header the whole method runs in one transaction of the caller's tenant, together with the key's claim and
/// the stored answer: all of it is written or nothing is. So it must not wait for anything but the database, and its
/// answer is JSON with status 200. Without the header nothing changes.
///
/// What has to wait for something else does so before it calls such a method, of another bean, and passes what came of
/// it as [NotCompared].
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Idempotent {}
