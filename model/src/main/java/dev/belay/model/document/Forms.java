package dev.belay.model.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.model.document.YamlScalar.Kind;

/** What every form says about a value that is not of it. */
final class Forms {

    private Forms() {}

    static boolean wrongType(String name, String looks, Yaml value, Problems problems) {
        if (value instanceof YamlScalar scalar && scalar.kind() == Kind.REFUSED) {
            return false;
        }
        String is = value instanceof YamlScalar scalar && scalar.kind() != Kind.NOTHING ? text(scalar) : value.words();
        problems.add(value.at(), "type", "\"" + name + "\" should be " + looks + ", not " + is);
        return false;
    }

    static boolean wrongValue(String name, String looks, YamlScalar value, Problems problems) {
        problems.add(
                value.at(), "value", "\"" + name + "\" should be " + looks + ", not \"" + cut(value.text()) + "\"");
        return false;
    }

    static boolean allTexts(String name, YamlList list, Problems problems) {
        boolean all = true;
        for (Yaml element : list.elements()) {
            boolean text = element instanceof YamlScalar scalar && scalar.isText();
            all &= text || wrongType(name, "a list of texts", element, problems);
        }
        return all;
    }

    static ObjectNode type(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static String text(YamlScalar scalar) {
        String hint = scalar.isText() ? "" : " (" + scalar.words() + "; in quotes it would be text)";
        return "\"" + cut(scalar.text()) + "\"" + hint;
    }

    private static String cut(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
