package dev.belay.model.inventory;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Shape;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import dev.belay.model.document.YamlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads an inventory and reports everything wrong with it at once, each problem with its place. */
public final class ClusterReader {
    /** The queue of the workflows themselves, so no site may be called so. */
    private static final String WORKFLOW_QUEUE = "belay";

    private final Problems problems;

    private ClusterReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The inventory.
     *
     * @param file its name, for problems
     * @throws dev.belay.model.runbook.InvalidDocument with every problem
     */
    public static Cluster read(String file, byte[] content) {
        Problems problems = new Problems(file);
        Optional<Sections> sections =
                YamlText.parse(content, problems).flatMap(root -> new ClusterReader(problems).sections(root));
        problems.throwIfAny();
        return sections.orElseThrow().toCluster();
    }

    private Optional<Sections> sections(Yaml root) {
        if (!(root instanceof YamlMap map)) {
            problems.add(root.at(), "type", "an inventory should be an object with apiVersion and kind: Cluster");
            return Optional.empty();
        }
        Fields cluster = Fields.read(map, ClusterShapes.CLUSTER, problems);
        Fields ssh = section(cluster, "ssh", ClusterShapes.SSH);
        Fields backups = section(cluster, "backups", ClusterShapes.BACKUPS);
        Fields kubeadm = section(cluster, "kubeadm", ClusterShapes.KUBEADM);
        Fields kubernetes = section(cluster, "kubernetes", ClusterShapes.KUBERNETES);
        List<Fields> hosts = HostReader.hosts(cluster, problems);
        Sections sections = new Sections(
                cluster,
                section(cluster, "metadata", ClusterShapes.METADATA),
                kubernetes,
                ssh,
                section(ssh, "bastion", ClusterShapes.BASTION),
                hosts,
                section(cluster, "packages", ClusterShapes.PACKAGES),
                backups,
                section(backups, "store", ClusterShapes.STORE),
                section(backups, "retention", ClusterShapes.RETENTION),
                ignored(kubeadm),
                accepted(cluster),
                adminCopies(kubernetes, hosts),
                people(cluster));
        check(sections);
        return Optional.of(sections);
    }

    private Fields section(Fields parent, String key, Shape shape) {
        return parent.map(key)
                .map(map -> Fields.read(map, shape, problems))
                .orElseGet(() -> Fields.read(new YamlMap(parent.at(key), List.of()), Shape.of(shape.name()), problems));
    }

    private List<Fields> ignored(Fields kubeadm) {
        List<Fields> entries = entries(
                kubeadm,
                "ignorePreflightErrors",
                ClusterShapes.IGNORED,
                "an ignored check should be an object with name, reason and owner");
        List<String> seen = new ArrayList<>();
        entries.forEach(entry -> entry.scalar("name").ifPresent(name -> checkName(name, seen)));
        return entries;
    }

    private List<Fields> accepted(Fields cluster) {
        List<Fields> entries = entries(
                cluster,
                "accept",
                ClusterShapes.ACCEPTANCE,
                "an accepted finding should be an object with rule, reason and owner");
        Set<String> seen = new HashSet<>();
        entries.forEach(entry -> entry.scalar("rule")
                .filter(rule -> !seen.add(rule.text()))
                .ifPresent(rule -> problems.add(
                        rule.at(), "duplicate", "the rule \"" + rule.text() + "\" stands here a second time")));
        return entries;
    }

    private List<Fields> adminCopies(Fields kubernetes, List<Fields> hosts) {
        List<Fields> copies = entries(
                kubernetes,
                "adminCopies",
                ClusterShapes.ADMIN_COPY,
                "a copy of admin.conf should be an object with node and path");
        Set<String> nodes = new HashSet<>();
        hosts.forEach(host -> host.text("node").ifPresent(nodes::add));
        for (Fields copy : copies) {
            copy.scalar("node")
                    .filter(node -> !nodes.contains(node.text()))
                    .ifPresent(node -> problems.add(
                            node.at(),
                            "unknown-node",
                            "\"" + node.text() + "\" is none of the hosts of this inventory"));
            copy.scalar("path")
                    .filter(path -> path.text().startsWith("/etc/kubernetes/"))
                    .ifPresent(path -> problems.add(
                            path.at(),
                            "value",
                            "\"path\" should be a copy: kubeadm itself keeps what is under /etc/kubernetes"));
        }
        return copies;
    }

    private List<Fields> people(Fields cluster) {
        List<Fields> people = entries(
                cluster, "people", ClusterShapes.PERSON, "a person should be an object with name, roles and keys");
        new PeopleReader(problems).check(people);
        return people;
    }

    private List<Fields> entries(Fields parent, String key, Shape shape, String otherwise) {
        List<Fields> entries = new ArrayList<>();
        for (Yaml element : parent.elements(key)) {
            if (element instanceof YamlMap map) {
                entries.add(Fields.read(map, shape, problems));
            } else {
                problems.add(element.at(), "type", otherwise);
            }
        }
        return entries;
    }

    private void checkName(YamlScalar name, List<String> seen) {
        String lower = name.text().toLowerCase(Locale.ROOT);
        if (lower.equals("all")) {
            problems.add(name.at(), "ignore-all", "\"all\" is refused: name each check, with its reason and owner");
        } else if (seen.contains(lower)) {
            problems.add(name.at(), "duplicate", "the check \"" + name.text() + "\" stands here a second time");
        }
        seen.add(lower);
    }

    private void check(Sections sections) {
        reference(sections.kubernetes(), "kubeconfig");
        key(sections.ssh());
        reference(sections.ssh(), "passphrase");
        reference(sections.ssh(), "knownHosts");
        key(sections.bastion());
        checkBackups(sections);
        sections.packages().scalar("repository").ifPresent(value -> References.checkRepository(value, problems));
        sections.cluster()
                .scalar("site")
                .filter(site -> site.text().equals(WORKFLOW_QUEUE))
                .ifPresent(site -> problems.add(
                        site.at(), "value", "\"site\" should not be \"belay\": that task queue is the workflows' own"));
    }

    private void checkBackups(Sections sections) {
        Fields backups = sections.backups();
        fileReference(backups, "directory");
        reference(backups, "key");
        sections.store().scalar("url").ifPresent(value -> References.checkStore(value, problems));
        reference(sections.store(), "accessKey");
        reference(sections.store(), "secretKey");
        boolean directory = backups.map().find("directory").isPresent();
        if (directory == backups.map().find("store").isPresent()
                && sections.cluster().has("backups")) {
            problems.add(
                    backups.map().at(),
                    directory ? "value" : "missing-key",
                    "backups should have either \"directory\" or \"store\"" + (directory ? ", not both" : ""));
        }
    }

    private void reference(Fields fields, String key) {
        fields.scalar(key).ifPresent(value -> References.check(key, value, problems));
    }

    private void key(Fields fields) {
        fields.scalar("key").ifPresent(value -> References.checkKey("key", value, problems));
    }

    private void fileReference(Fields fields, String key) {
        fields.scalar(key).ifPresent(value -> References.checkFile(key, value, problems));
    }
}
