package dev.belay.worker;

import java.util.Optional;

/** Which Belay this is. */
public final class Release {

    private Release() {}

    /** The version of the jar, or {@code development} when run from classes. */
    public static String version() {
        return Optional.ofNullable(Release.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
