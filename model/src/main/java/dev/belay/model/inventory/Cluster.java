package dev.belay.model.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.approval.Person;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Acceptance;
import dev.belay.model.plan.IgnoredPreflightError;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inventory of one cluster, {@code kind: Cluster}, references unresolved.
 *
 * @param name part of the run's workflow id: an RFC 1123 label
 * @param site the task queue of the workers that reach it
 * @param kubeconfig how the API is reached
 * @param ssh defaults for every host
 * @param hosts control planes first, then workers, then those of an external etcd, each group in the file's order
 * @param accept findings that its owner accepts
 * @param adminCopies where copies of {@code admin.conf} are kept
 * @param people whose signatures approve; where there are none, approvals are by name only
 */
public record Cluster(
        String name,
        String site,
        Reference kubeconfig,
        SshAccess ssh,
        List<HostEntry> hosts,
        Packages packages,
        Backups backups,
        List<IgnoredPreflightError> ignorePreflightErrors,
        List<Acceptance> accept,
        List<AdminCopy> adminCopies,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Person> people) {

    public Cluster {
        hosts = List.copyOf(hosts);
        ignorePreflightErrors = List.copyOf(ignorePreflightErrors);
        accept = List.copyOf(accept);
        adminCopies = List.copyOf(adminCopies);
        people = people == null ? List.of() : List.copyOf(people);
    }

    /** Without copies of {@code admin.conf}. */
    public Cluster(
            String name,
            String site,
            Reference kubeconfig,
            SshAccess ssh,
            List<HostEntry> hosts,
            Packages packages,
            Backups backups,
            List<IgnoredPreflightError> ignorePreflightErrors,
            List<Acceptance> accept) {
        this(
                name,
                site,
                kubeconfig,
                ssh,
                hosts,
                packages,
                backups,
                ignorePreflightErrors,
                accept,
                List.of(),
                List.of());
    }

    /** Where nobody is listed who signs. */
    public Cluster(
            String name,
            String site,
            Reference kubeconfig,
            SshAccess ssh,
            List<HostEntry> hosts,
            Packages packages,
            Backups backups,
            List<IgnoredPreflightError> ignorePreflightErrors,
            List<Acceptance> accept,
            List<AdminCopy> adminCopies) {
        this(
                name,
                site,
                kubeconfig,
                ssh,
                hosts,
                packages,
                backups,
                ignorePreflightErrors,
                accept,
                adminCopies,
                List.of());
    }

    /** The same where nobody signs. */
    public Cluster byNameOnly() {
        return new Cluster(
                name, site, kubeconfig, ssh, hosts, packages, backups, ignorePreflightErrors, accept, adminCopies);
    }

    /** Who accepts the findings of a rule, and why. */
    public Optional<Acceptance> acceptance(String rule) {
        return accept.stream().filter(each -> each.rule().equals(rule)).findFirst();
    }

    public Optional<HostEntry> host(NodeName node) {
        return hosts.stream().filter(host -> host.node().equals(node)).findFirst();
    }

    public List<HostEntry> hosts(NodeRole role) {
        return hosts.stream().filter(host -> host.role() == role).toList();
    }

    /** Hosts that are nodes of Kubernetes. */
    public List<HostEntry> nodes() {
        return hosts.stream().filter(host -> host.role() != NodeRole.ETCD).toList();
    }

    /** Says whether etcd has hosts of its own, which systemd runs it on. */
    public boolean hasExternalEtcd() {
        return hosts.stream().anyMatch(host -> host.role() == NodeRole.ETCD);
    }

    /** Hosts that run etcd: the control planes, or those of an external etcd. */
    public List<HostEntry> etcdHosts() {
        return hosts(hasExternalEtcd() ? NodeRole.ETCD : NodeRole.CONTROL_PLANE);
    }

    /** The names of what runs etcd, which are those of its members. */
    public List<NodeName> etcdMembers() {
        return etcdHosts().stream().map(HostEntry::node).toList();
    }

    /**
     * A host.
     *
     * @param node its name in the API; of a host of external etcd its member's name
     * @param address where SSH connects
     * @param zone failure domain; empty when not given
     */
    public record HostEntry(
            NodeName node,
            NodeRole role,
            String address,
            int port,
            String zone,
            @Nullable String user) {}

    /**
     * How hosts are reached.
     *
     * @param key private key
     * @param passphrase of the key; null when it has none
     * @param knownHosts verified host keys
     * @param bastion jump host; null for a direct way
     */
    public record SshAccess(
            String user,
            Reference key,
            @Nullable Reference passphrase,
            Reference knownHosts,
            @Nullable Bastion bastion) {}

    /** A jump host, verified by the same known hosts. */
    public record Bastion(
            String address, int port, String user, @Nullable Reference key) {}

    /**
     * Where packages come from.
     *
     * @param repository with {@code {minor}} in place of {@code 1.34}: one repository per minor
     * @param keyring path on the hosts of the repository's key
     * @param sourceFile path on the hosts of the apt source that Belay rewrites at each hop
     * @param revision Debian revision of the packages, {@code 1.1}
     */
    public record Packages(String repository, String keyring, String sourceFile, String revision) {

        /** The repository of one minor. */
        public URI repositoryOf(String minor) {
            return URI.create(repository.replace("{minor}", minor));
        }
    }

    /**
     * Where snapshots and files are kept, and for how long.
     *
     * @param directory on the worker; null when there is a store
     * @param store null when there is a directory
     * @param retention null when everything is kept for good
     * @param key what private keys are encrypted with at rest; null when they are kept as they are
     */
    public record Backups(
            @Nullable Reference directory,
            @Nullable Store store,
            @Nullable Retention retention,
            @Nullable Reference key) {

        /** A directory, where everything is kept for good. */
        public Backups(Reference directory) {
            this(directory, null, null, null);
        }
    }

    /**
     * A bucket that speaks S3.
     *
     * @param url {@code https://host/bucket/prefix}
     * @param region empty when the store has none
     */
    public record Store(String url, String region, Reference accessKey, Reference secretKey) {}

    /**
     * What is kept: a backup goes once it is neither among the newest {@code count} nor younger than {@code age}. What an open run names
     * never goes.
     *
     * @param count null for no bound
     * @param age null for no bound
     */
    public record Retention(
            @Nullable Integer count, @Nullable Duration age) {}

    /** A copy of {@code admin.conf} that follows when it is renewed; it keeps its mode and owner. */
    public record AdminCopy(NodeName node, String path) {}
}
