package dev.parley.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/// JSON between our trees and the AWS SDK's.
final class Documents {

    private Documents() {}

    static Document of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Document> fields = new LinkedHashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
                yield Document.fromMap(fields);
            }
            case ARRAY ->
                Document.fromList(node.valueStream().map(Documents::of).toList());
            case STRING -> Document.fromString(node.textValue());
            case NUMBER -> Document.fromNumber(node.decimalValue());
            case BOOLEAN -> Document.fromBoolean(node.booleanValue());
            default -> Document.fromNull();
        };
    }

    static JsonNode tree(Document document) {
        var nodes = JsonNodeFactory.instance;
        if (document.isMap()) {
            var object = nodes.objectNode();
            document.asMap().forEach((name, value) -> object.set(name, tree(value)));
            return object;
        }
        if (document.isList()) {
            List<JsonNode> items =
                    document.asList().stream().map(Documents::tree).toList();
            return nodes.arrayNode().addAll(items);
        }
        if (document.isString()) {
            return nodes.textNode(document.asString());
        }
        if (document.isNumber()) {
            return nodes.numberNode(document.asNumber().bigDecimalValue());
        }
        return document.isBoolean() ? nodes.booleanNode(document.asBoolean()) : nodes.nullNode();
    }
}
