package dev.belay.activities.steps;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.model.kubernetes.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What every etcd member says at about one moment. A member that answers a health check is not yet healthy: three members of two clusters
 * do that too. So the ids of cluster and leader, the member list, terms, how far each has applied, alarms, and the hash at one revision are
 * compared.
 *
 * @param unreachable what went wrong with each member that did not answer, by name
 * @param hashes at {@code revision}, without learners, which are not asked; empty unless every other member answered
 */
public record EtcdPicture(
        List<EtcdMember> members,
        Map<String, MemberStatus> statuses,
        Map<String, String> unreachable,
        List<EtcdAlarm> alarms,
        long revision,
        Map<String, MemberHash> hashes) {

    /** Entries a member may be behind and still count as caught up. */
    private static final long LAG = 1000;

    public static EtcdPicture take(EtcdCluster etcd) {
        return take(etcd, member -> true);
    }

    /** As if only these members were there: the others are not asked, and their alarms do not count. */
    public static EtcdPicture take(EtcdCluster etcd, Predicate<EtcdMember> wanted) {
        Map<Boolean, List<EtcdMember>> list = etcd.members().stream().collect(Collectors.partitioningBy(wanted));
        List<EtcdMember> members = list.getOrDefault(true, List.of());
        Set<String> left =
                list.getOrDefault(false, List.of()).stream().map(EtcdMember::id).collect(Collectors.toSet());
        Map<String, MemberStatus> statuses = new TreeMap<>();
        Map<String, String> unreachable = new TreeMap<>();
        ask(etcd, members, statuses, unreachable);
        List<EtcdMember> voting =
                members.stream().filter(member -> !member.learner()).toList();
        Map<String, MemberStatus> voters = new TreeMap<>(statuses);
        voters.keySet().retainAll(voting.stream().map(EtcdMember::name).toList());
        long revision =
                voters.values().stream().mapToLong(MemberStatus::revision).min().orElse(0);
        boolean all = voters.size() == voting.size();
        Map<String, MemberHash> hashes = all ? hashes(etcd, voting, revision) : Map.of();
        List<EtcdAlarm> alarms = etcd.alarms().stream()
                .filter(alarm -> !left.contains(alarm.memberId()))
                .toList();
        return new EtcdPicture(members, statuses, unreachable, alarms, revision, hashes);
    }

    private static void ask(
            EtcdCluster etcd,
            List<EtcdMember> members,
            Map<String, MemberStatus> statuses,
            Map<String, String> unreachable) {
        for (EtcdMember member : members) {
            if (member.name().isEmpty()) {
                continue;
            }
            try {
                statuses.put(member.name(), etcd.status(member));
            } catch (StepFailure e) {
                unreachable.put(member.name(), e.failure().why());
            }
        }
    }

    private static Map<String, MemberHash> hashes(EtcdCluster etcd, List<EtcdMember> members, long revision) {
        Map<String, MemberHash> hashes = new TreeMap<>();
        for (EtcdMember member : members) {
            hashes.put(member.name(), etcd.hash(member, revision));
        }
        return hashes;
    }

    /** The same as if one type of alarm were not raised. */
    public EtcdPicture without(String alarm) {
        Map<String, MemberStatus> quiet = new TreeMap<>(statuses);
        quiet.replaceAll((name, status) -> status.withoutError("alarm:" + alarm));
        return new EtcdPicture(
                members,
                quiet,
                unreachable,
                alarms.stream().filter(each -> !each.type().equals(alarm)).toList(),
                revision,
                hashes);
    }

    /** The member that leads, if all agree on one. */
    public Optional<EtcdMember> leader() {
        Set<String> ids = values(MemberStatus::leaderId);
        return members.stream()
                .filter(member -> ids.size() == 1 && ids.contains(member.id()))
                .findFirst();
    }

    /** Everything that is not as it should be, one phrase each; empty means healthy and caught up. Each host should run one member of its name. */
    public List<String> problems(List<NodeName> hosts) {
        List<String> problems = new ArrayList<>();
        membership(hosts, problems);
        unreachable.forEach((name, why) -> problems.add("etcd member " + name + " does not answer: " + why));
        agreement(problems);
        statuses.forEach((name, status) -> progress(name, status, problems));
        for (EtcdAlarm alarm : alarms) {
            problems.add("etcd has the alarm " + alarm.type() + " of " + nameOf(alarm.memberId()));
        }
        if (new HashSet<>(hashes.values()).size() > 1) {
            problems.add("etcd members differ at revision " + revision + ": "
                    + hashes.entrySet().stream()
                            .map(entry -> entry.getKey() + " has the hash "
                                    + entry.getValue().hash() + " compacted at "
                                    + entry.getValue().compactRevision())
                            .collect(Collectors.joining(", ")));
        }
        return problems;
    }

    private void membership(List<NodeName> hosts, List<String> problems) {
        Set<String> expected = hosts.stream().map(NodeName::value).collect(Collectors.toCollection(TreeSet::new));
        for (EtcdMember member : members) {
            if (member.name().isEmpty()) {
                problems.add("etcd member " + member.id() + " at " + member.peerUrls() + " has not started");
            } else if (!expected.remove(member.name())) {
                problems.add("etcd member " + member.name() + " is none of the inventory's");
            }
            if (member.learner()) {
                problems.add("etcd member " + member.name() + " is a learner");
            }
        }
        expected.forEach(name -> problems.add(name + " has no etcd member"));
    }

    private void agreement(List<String> problems) {
        differ("members belong to different etcd clusters", MemberStatus::clusterId, problems);
        differ("etcd members see different leaders", MemberStatus::leaderId, problems);
        differ("etcd members are in different terms", status -> String.valueOf(status.raftTerm()), problems);
        if (values(MemberStatus::leaderId).contains("0")) {
            problems.add("etcd has no leader");
        }
    }

    private void differ(String what, Function<MemberStatus, String> value, List<String> problems) {
        if (values(value).size() > 1) {
            problems.add(what + ": "
                    + statuses.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + value.apply(entry.getValue()))
                            .collect(Collectors.joining(", ")));
        }
    }

    private void progress(String name, MemberStatus status, List<String> problems) {
        long newest = statuses.values().stream()
                .mapToLong(MemberStatus::raftIndex)
                .max()
                .orElse(0);
        long behind = newest - status.raftAppliedIndex();
        if (behind > LAG) {
            problems.add("etcd member " + name + " is " + behind + " entries behind");
        }
        if (!status.errors().isEmpty()) {
            problems.add("etcd member " + name + " reports " + status.errors());
        }
    }

    private Set<String> values(Function<MemberStatus, String> value) {
        return statuses.values().stream().map(value).collect(Collectors.toCollection(TreeSet::new));
    }

    private String nameOf(String memberId) {
        return members.stream()
                .filter(member -> member.id().equals(memberId))
                .map(EtcdMember::name)
                .findFirst()
                .orElse("member " + memberId);
    }
}
