package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Offers;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryInspectionTest {

    private final FakeWorld world = new FakeWorld();
    private final FakeHost first = world.host("cp1");

    @Test
    void aVersionCountsWhenAllItsPackagesAreThere() {
        page("1.33", paragraphs("1.33.4-1.1", "1.33.13-1.1", "1.33.2-2.1") + paragraph("kubeadm", "1.33.14-1.1"));
        page("1.34", paragraphs("1.34.4-1.1", "1.35.0-1.1", "1.34.5-rc.1-1.1"));

        Offers offers = RepositoryInspection.of(world, List.of("1.33", "1.34"));

        assertThat(offers.versions().get("1.33")).containsExactly(v("v1.33.4"), v("v1.33.13"));
        assertThat(offers.versions().get("1.34")).containsExactly(v("v1.34.4"));
        assertThat(offers.silent()).isEmpty();
        assertThat(world.effects).isEmpty();
    }

    @Test
    void aRepositoryThatIsNotThereHasNothing() {
        page("1.33", paragraphs("1.33.13-1.1"));

        assertThat(RepositoryInspection.of(world, List.of("1.34")).versions().get("1.34"))
                .isEmpty();
    }

    @Test
    void whatIsNoIndexHasNothing() {
        page("1.33", "<html>Package: kubeadm Version: 1.33.13-1.1</html>\nVersion: 1.33.13-1.1\n\nPackage:\n\u0000");

        assertThat(RepositoryInspection.of(world, List.of("1.33")).versions().get("1.33"))
                .isEmpty();
    }

    @Test
    void oneThatGivesNoAnswerIsAskedOnce() {
        Offers offers = RepositoryInspection.of(world, List.of("1.33", "1.34"));

        assertThat(offers.versions()).isEmpty();
        assertThat(offers.silent()).containsOnlyKeys("1.33", "1.34");
        assertThat(offers.silent().get("1.34")).contains("/v1.33/").contains("cp1");
    }

    private void page(String minor, String content) {
        first.pages.put(world.inventory().packages().repositoryOf(minor) + "Packages", content);
    }

    private static String paragraphs(String... versions) {
        StringBuilder text = new StringBuilder();
        for (String version : versions) {
            List.of("kubeadm", "kubectl", "kubelet").forEach(name -> text.append(paragraph(name, version)));
        }
        return text.toString();
    }

    private static String paragraph(String name, String version) {
        return "Package: " + name + "\nVersion: " + version + "\nArchitecture: amd64\n\n";
    }

    private static KubernetesVersion v(String text) {
        return KubernetesVersion.parse(text);
    }
}
