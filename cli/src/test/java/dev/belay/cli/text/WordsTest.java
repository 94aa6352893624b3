package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void spansShowTheirTwoLargestUnits() {
        assertThat(Words.span(Duration.ofSeconds(4))).isEqualTo("4s");
        assertThat(Words.span(Duration.ofSeconds(62))).isEqualTo("1m02s");
        assertThat(Words.span(Duration.ofMinutes(125))).isEqualTo("2h05m");
        assertThat(Words.span(Duration.ofHours(76))).isEqualTo("3d04h");
        assertThat(Words.span(Duration.ofSeconds(-5))).isEqualTo("0s");
    }

    @Test
    void textFromOutsideCannotMoveTheCursorOrBreakALine() {
        assertThat(Words.line("a\n b\u001b[2Jc\td\r\n")).isEqualTo("a b [2Jc d");
    }

    @Test
    void coloursTakeNoRoom() {
        String green = Paint.COLOURED.bold("abc");
        assertThat(Words.width(green)).isEqualTo(3);
        assertThat(Words.cut(green, 3)).isEqualTo(green);
        assertThat(Words.cut(green, 2)).isEqualTo("a…");
    }

    @Test
    void wrapsAtSpacesAndCutsWhatIsTooMuch() {
        assertThat(Words.wrap("one two three four five", 9, 2)).containsExactly("one two", "three fo…");
    }
}
