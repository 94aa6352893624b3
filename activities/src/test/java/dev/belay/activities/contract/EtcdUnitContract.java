package dev.belay.activities.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.EtcdUnit;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A member of an external etcd as systemd runs it, on a host of the twin's and on real ones. */
public abstract class EtcdUnitContract {

    private static final int LOOKS = 120;

    /** What a step on this host of etcd sees; all members are up at first. */
    protected abstract StepContext context(NodeName member);

    /** Takes the power of a host away and gives it back; returns when it takes commands again. */
    protected abstract void reboot(NodeName member);

    protected abstract List<NodeName> members();

    @Test
    void itsSettingsAreThoseItsProcessWasStartedWith() {
        for (NodeName member : members()) {
            Host host = context(member).host();
            EtcdSettings settings = EtcdSettings.ofUnit(host);

            assertThat(settings.flag("--name")).contains(member.value());
            assertThat(host.run(Command.root(
                                    "test", "-e", settings.flag("--data-dir").orElseThrow() + "/member"))
                            .ok())
                    .isTrue();
            assertThat(settings.flag("--initial-advertise-peer-urls").orElseThrow())
                    .startsWith("https://");
            assertThat(settings.certificates()).isNotEmpty().allMatch(path -> host.read(path)
                    .isPresent());
            assertThat(settings.keys()).isNotEmpty().allMatch(path -> host.read(path)
                    .isPresent());
        }
    }

    @Test
    void stoppedItStaysSoWhoeverStartsItAndThroughABootUntilItsRunStartsIt() {
        NodeName member = members().get(members().size() - 1);
        EtcdUnit unit = unit(member);

        unit.stop();
        unit.stop();
        start(member);
        assertThat(isRunning(member)).isFalse();
        reboot(member);
        start(member);
        assertThat(isRunning(member)).isFalse();

        unit(member).start();
        unit(member).awaitStarted();
        unit(member).start();
        await("all members agree", () -> picture(member).isEmpty());
        assertThat(isRunning(member)).isTrue();
    }

    @Test
    void aHostThatBootsBringsItsMemberBack() {
        NodeName member = members().get(0);

        reboot(member);

        await("all members agree", () -> picture(member).isEmpty());
    }

    private EtcdUnit unit(NodeName member) {
        StepContext context = context(member);
        return new EtcdUnit(context, context.host());
    }

    private void start(NodeName member) {
        StepContext context = context(member);
        context.host().run(Command.root("systemctl", "start", "--no-block", EtcdSettings.UNIT));
        context.clock().sleep(Duration.ofSeconds(3));
    }

    private boolean isRunning(NodeName member) {
        return context(member)
                .host()
                .run(Command.root("systemctl", "is-active", EtcdSettings.UNIT))
                .ok();
    }

    private List<String> picture(NodeName member) {
        try {
            return EtcdPicture.take(context(member).etcd()).problems(members());
        } catch (StepFailure notYet) {
            return List.of(notYet.failure().why());
        }
    }

    private void await(String what, BooleanSupplier condition) {
        for (int look = 0; look < LOOKS; look++) {
            if (condition.getAsBoolean()) {
                return;
            }
            context(members().get(0)).clock().sleep(Duration.ofSeconds(1));
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
