package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.Command;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.member.CheckDeadMember;
import dev.belay.activities.steps.member.ReplaceMember;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import dev.belay.twin.machine.EtcdService;
import dev.belay.twin.machine.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dead member of an external etcd gives its place to a new one, which systemd starts. */
class ReplaceExternalMemberTest {

    private static final String DATA = EtcdService.DATA;
    private static final String BEFORE = DATA + ".before-belay-0badcafe";
    private static final String DROP_INS = "/etc/systemd/system/etcd.service.d/";
    private static final NodeName ETCD2 = new NodeName("etcd2");
    private static final Map<String, Object> DEAD = Map.of("node", "etcd2");

    private final Steps steps = Steps.on(ClusterShape.withExternalEtcd(KubernetesVersion.parse("v1.33.13"), 1, 1));
    private final Ports ports = steps.ports();

    @Test
    void itJoinsTheOthersAndItsOwnFilesStayAsTheyWere() {
        String settings = files().text(EtcdService.SETTINGS).orElseThrow();
        EtcdMember dead = member();
        loseLog();

        Done<CheckDeadMember.Output> found = steps.run("check.deadMember", DEAD);
        Done<ReplaceMember.Output> replaced = steps.run("etcd.replaceMember", DEAD);

        assertThat(found.output().others()).containsExactly("etcd1", "etcd3");
        assertThat(replaced.output().member()).isEqualTo(member().id()).isNotEqualTo(dead.id());
        assertThat(replaced.output().before()).isEqualTo(BEFORE);
        assertThat(problems()).isEmpty();
        assertThat(files().text(EtcdService.SETTINGS)).contains(settings);
        assertThat(dropIns()).isEmpty();
        assertThat(steps.run("etcd.replaceMember", DEAD).state()).isEqualTo(StepState.ALREADY_DONE);
    }

    @Test
    void itStartsAgainWithItsOwnSettingsAndAfterABoot() {
        loseLog();
        steps.run("etcd.replaceMember", DEAD);

        systemctl("stop");
        systemctl("start", "--no-block");
        ports.clock().sleep(Duration.ofMinutes(1));

        assertThat(problems()).isEmpty();
    }

    @Test
    void dataThatAreGoneWithTheirFolderAreMadeAnew() {
        systemctl("stop");
        files().removeTree(DATA);

        Done<ReplaceMember.Output> replaced = steps.run("etcd.replaceMember", DEAD);

        assertThat(replaced.output().before()).isEmpty();
        assertThat(problems()).isEmpty();
        assertThat(steps.effectsOf("etcd2"))
                .anyMatch(effect -> effect.contains("chown -R etcd " + DATA + ".belay-0badcafe"));
    }

    @Test
    void aMemberThatAnswersOrIsNoneIsNotReplaced() {
        failsWith(FailureKind.PRECONDITION, "MEMBER_ALIVE", () -> steps.run("check.deadMember", DEAD));
        assertThat(failsWith(
                                FailureKind.PERMANENT,
                                "BAD_INPUT",
                                () -> steps.run("check.deadMember", Map.of("node", "cp1")))
                        .why())
                .contains("[etcd1, etcd2, etcd3]", "\"cp1\"");
    }

    @ParameterizedTest
    @CsvSource({
        "systemctl stop etcd.service, true", "systemctl stop etcd.service, false",
        "mv -T -n /var/lib/etcd/default , true", "mv -T -n /var/lib/etcd/default , false",
        "mv -T -n /var/lib/etcd/default.belay, true", "mv -T -n /var/lib/etcd/default.belay, false",
        "etcd remove, true", "etcd remove, false",
        "etcd add learner, true", "etcd add learner, false",
        "-joins.conf, true", "-joins.conf, false",
        "systemctl start --no-block, true", "systemctl start --no-block, false",
        "etcd promote, true", "etcd promote, false"
    })
    void aWorkerThatIsLostAtAnyChangeLeavesWhatTheNextOneFinishes(String change, boolean before) {
        loseLog();
        List<String> effects = steps.effectsOfLosing(change, before, "etcd.replaceMember", DEAD);

        assertThat(problems()).isEmpty();
        assertThat(files().exists(BEFORE + "/member/snap/db")).isTrue();
        assertThat(dropIns()).isEmpty();
        assertThat(effects).filteredOn(effect -> effect.contains("etcd remove")).hasSize(1);
    }

    /** The member ends, and cannot begin again on what is left. */
    private void loseLog() {
        systemctl("stop");
        files().removeTree(DATA + "/member/wal");
        systemctl("start", "--no-block");
        ports.clock().sleep(Duration.ofMinutes(1));
        assertThat(problems()).isNotEmpty();
    }

    private void systemctl(String verb, String... flags) {
        String line = "systemctl " + verb + " " + String.join(" ", flags) + (flags.length == 0 ? "" : " ");
        assertThat(ports.hosts()
                        .on(ETCD2)
                        .run(Command.root((line + "etcd.service").split(" ")))
                        .ok())
                .isTrue();
    }

    private Files files() {
        return steps.cluster().world().machine(ETCD2).files();
    }

    private List<String> dropIns() {
        return files().list(List.of(DROP_INS.substring(0, DROP_INS.length() - 1))).stream()
                .map(file -> file.path())
                .filter(path -> path.startsWith(DROP_INS))
                .toList();
    }

    private EtcdMember member() {
        return ports.etcd().members().stream()
                .filter(member -> member.name().equals("etcd2"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> problems() {
        return EtcdPicture.take(ports.etcd()).problems(ports.inventory().etcdMembers());
    }
}
