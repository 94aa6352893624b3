package dev.belay.twin.machine;

import java.util.Optional;

/** The processes inside static pods, as the rest of the world feels them. */
public interface Components {

    /** Why this component would not stay up with this image and these arguments; empty when it would. */
    Optional<String> refuses(String component, String image, Iterable<String> arguments);

    void started(String node, String component, String image);

    void stopped(String node, String component);
}
