package dev.belay.model.inventory;

import dev.belay.model.document.Fields;
import dev.belay.model.inventory.Cluster.AdminCopy;
import dev.belay.model.inventory.Cluster.Backups;
import dev.belay.model.inventory.Cluster.Bastion;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.inventory.Cluster.Retention;
import dev.belay.model.inventory.Cluster.SshAccess;
import dev.belay.model.inventory.Cluster.Store;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Acceptance;
import dev.belay.model.plan.IgnoredPreflightError;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of an inventory's file; once nothing is wrong with them they make a cluster. */
record Sections(
        Fields cluster,
        Fields metadata,
        Fields kubernetes,
        Fields ssh,
        Fields bastion,
        List<Fields> hosts,
        Fields packages,
        Fields backups,
        Fields store,
        Fields retention,
        List<Fields> ignored,
        List<Fields> accepted,
        List<Fields> adminCopies,
        List<Fields> people) {
    private static final int SSH_PORT = 22;

    Cluster toCluster() {
        return new Cluster(
                text(metadata, "name"),
                text(cluster, "site"),
                reference(kubernetes, "kubeconfig"),
                access(),
                hosts.stream()
                        .map(Sections::host)
                        .sorted(Comparator.comparing(HostEntry::role))
                        .toList(),
                new Packages(
                        text(packages, "repository"),
                        text(packages, "keyring"),
                        text(packages, "sourceFile"),
                        text(packages, "revision")),
                keptIn(),
                ignored.stream().map(Sections::ignoredCheck).toList(),
                accepted.stream().map(Sections::acceptance).toList(),
                adminCopies.stream().map(Sections::adminCopy).toList(),
                people.stream().map(PeopleReader::person).toList());
    }

    private SshAccess access() {
        return new SshAccess(
                text(ssh, "user"),
                reference(ssh, "key"),
                referenceIfGiven(ssh, "passphrase"),
                reference(ssh, "knownHosts"),
                ssh.has("bastion") ? jumpHost() : null);
    }

    private Backups keptIn() {
        Store bucket = backups.has("store")
                ? new Store(
                        text(store, "url"),
                        store.text("region").orElse(""),
                        reference(store, "accessKey"),
                        reference(store, "secretKey"))
                : null;
        return new Backups(
                referenceIfGiven(backups, "directory"),
                bucket,
                backups.has("retention")
                        ? new Retention(
                                retention.whole("count").orElse(null),
                                retention.time("age").orElse(null))
                        : null,
                referenceIfGiven(backups, "key"));
    }

    private Bastion jumpHost() {
        return new Bastion(
                text(bastion, "address"), port(bastion), text(bastion, "user"), referenceIfGiven(bastion, "key"));
    }

    private static HostEntry host(Fields host) {
        NodeRole role = Arrays.stream(NodeRole.values())
                .filter(each -> each.text().equals(text(host, "role")))
                .findFirst()
                .orElse(NodeRole.WORKER);
        return new HostEntry(
                new NodeName(text(host, "node")),
                role,
                text(host, "address"),
                port(host),
                host.text("zone").orElse(""),
                host.text("user").orElse(null));
    }

    private static IgnoredPreflightError ignoredCheck(Fields check) {
        return new IgnoredPreflightError(text(check, "name"), text(check, "reason"), text(check, "owner"));
    }

    private static Acceptance acceptance(Fields entry) {
        return new Acceptance(text(entry, "rule"), text(entry, "reason"), text(entry, "owner"));
    }

    private static AdminCopy adminCopy(Fields copy) {
        return new AdminCopy(new NodeName(text(copy, "node")), text(copy, "path"));
    }

    private static int port(Fields fields) {
        return fields.whole("port").orElse(SSH_PORT);
    }

    private static Reference reference(Fields fields, String key) {
        return new Reference(text(fields, key));
    }

    private static @Nullable Reference referenceIfGiven(Fields fields, String key) {
        return fields.text(key).map(Reference::new).orElse(null);
    }

    private static String text(Fields fields, String key) {
        return fields.text(key).orElseThrow();
    }
}
