package dev.belay.model.inventory;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the hosts of an inventory: some, a control plane among them, and none twice. */
final class HostReader {
    private final Problems problems;
    private final Map<String, Integer> nodes = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();

    private HostReader(Problems problems) {
        this.problems = problems;
    }

    static List<Fields> hosts(Fields cluster, Problems problems) {
        List<Fields> hosts = new HostReader(problems).hosts(cluster.elements("hosts"));
        if (!cluster.has("hosts")) {
            return hosts;
        }
        if (cluster.elements("hosts").isEmpty()) {
            problems.add(cluster.at("hosts"), "no-hosts", "\"hosts\" is empty: list every node of the cluster");
        } else if (hosts.stream().noneMatch(HostReader::mayBeControlPlane)) {
            problems.add(
                    cluster.at("hosts"),
                    "no-control-plane",
                    "no host has role: controlPlane; a cluster has one at least");
        }
        return hosts;
    }

    private List<Fields> hosts(List<Yaml> elements) {
        List<Fields> hosts = new ArrayList<>();
        for (Yaml element : elements) {
            if (element instanceof YamlMap map) {
                Fields host = Fields.read(map, ClusterShapes.HOST, problems);
                host.scalar("node").ifPresent(node -> once("node", node.text(), node, nodes));
                host.scalar("address").ifPresent(address -> once("address", socket(host, address), address, addresses));
                hosts.add(host);
            } else {
                problems.add(element.at(), "type", "a host should be an object with node, role and address");
            }
        }
        return hosts;
    }

    private void once(String what, String value, YamlScalar at, Map<String, Integer> seen) {
        Integer first = seen.putIfAbsent(value, at.at().line());
        if (first != null) {
            String message =
                    "the " + what + " \"" + value + "\" stands here a second time; the first is in line " + first;
            problems.add(at.at(), "duplicate", message);
        }
    }

    private static String socket(Fields host, YamlScalar address) {
        String port = host.whole("port").map(number -> ":" + number).orElse("");
        return address.text().toLowerCase(Locale.ROOT) + port;
    }

    /** A role that is missing or misspelt is a problem of its own. */
    private static boolean mayBeControlPlane(Fields host) {
        return host.text("role").map(role -> role.equals("controlPlane")).orElse(true);
    }
}
