package dev.belay.twin.machine;

import dev.belay.model.kubernetes.NodeName;
import java.util.List;
import java.util.Optional;

/** The processes inside static pods, as the rest of the world feels them. */
public interface Components {

    /**
     * One of them as its manifest wants it.
     *
     * @param files of its node
     */
    record Wanted(NodeName node, String component, String image, List<String> arguments, Files files) {

        /** The value of {@code --name=value}. */
        public Optional<String> flag(String name) {
            return arguments.stream()
                    .filter(argument -> argument.startsWith(name + "="))
                    .map(argument -> argument.substring(name.length() + 1))
                    .findFirst();
        }
    }

    /** Why it would not stay up; empty when it would. */
    Optional<String> refuses(Wanted pod);

    void started(Wanted pod);

    void stopped(String node, String component);
}
