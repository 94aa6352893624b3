package dev.belay.activities;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component of an input or output record means; feeds the schema, the reference and {@code belay steps}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Doc {
    String value();

    /** As a runbook would write it; the field may then be left out. Empty: it has none. */
    String byDefault() default "";

    /** The values a field of type string or strings may take; empty: any. */
    String[] oneOf() default {};
}
