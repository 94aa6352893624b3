package dev.belay.model.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.model.document.YamlScalar.Kind;

/** What every form says about a value that is not of it. */
final class Forms {

    private Forms() {}

    static boolean wrongType(String name, String looks, Yaml value, Problems problems) {
        return wrongType(name, looks, value, "", problems);
    }

    /** Where text is wanted: a number is text in quotes. */
    static boolean wrongText(String name, String looks, Yaml value, Problems problems) {
        boolean literal = value instanceof YamlScalar scalar && scalar.kind() != Kind.NOTHING;
        return wrongType(name, looks, value, literal ? " (in quotes it would be text)" : "", problems);
    }

    static boolean wrongValue(String name, String looks, YamlScalar value, Problems problems) {
        problems.add(value.at(), "value", "\"" + name + "\" should be " + looks + ", not " + value.shown());
        return false;
    }

    static boolean wrongChoice(String name, Form.Choice choice, YamlScalar value, Problems problems) {
        String hint = choice.values().size() == 1 ? "" : Spelling.hint(value.text(), choice.values());
        String message = "\"" + name + "\" should be " + choice.looks() + ", not " + value.shown() + hint;
        problems.add(value.at(), "value", message);
        return false;
    }

    static boolean allTexts(String name, YamlList list, Problems problems) {
        boolean all = true;
        for (Yaml element : list.elements()) {
            boolean text = element instanceof YamlScalar scalar && scalar.isText();
            all &= text || wrongText(name, "a list of texts", element, problems);
        }
        return all;
    }

    static ObjectNode type(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static boolean wrongType(String name, String looks, Yaml value, String hint, Problems problems) {
        boolean refused = value instanceof YamlScalar scalar && scalar.kind() == Kind.REFUSED;
        if (!refused) {
            problems.add(value.at(), "type", "\"" + name + "\" should be " + looks + ", not " + value.shown() + hint);
        }
        return false;
    }
}
