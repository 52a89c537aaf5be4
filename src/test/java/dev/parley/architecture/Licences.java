package dev.parley.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// The licences that a library in a local Maven repository declares, itself or through its parents.
final class Licences {

    /// Weak copyleft that ends at the library's own files is among them: EPL, and GPL with the Classpath Exception.
    private static final Pattern PERMISSIVE = Pattern.compile(
            "(?i).*(\\bapache\\b|\\bmit\\b|\\bbsd\\b|\\bepl\\b|(eclipse|mozilla) public|eclipse distribution|\\bedl\\b|universal permissive"
                    + "|public domain|classpath.exception|\\bcpe\\b).*");

    private Licences() {}

    static boolean isPermissive(String licence) {
        return PERMISSIVE.matcher(licence).matches();
    }

    /// False for what was never in a repository, such as the project's own jar.
    static boolean hasPom(Path jar) {
        return Files.exists(pomBeside(jar));
    }

    static List<String> of(Path jar) {
        var pom = pomBeside(jar);
        return ofPom(pom, repositoryOf(pom));
    }

    private static List<String> ofPom(Path pom, Path repository) {
        var project = read(pom);
        var licences = child(project, "licenses").stream()
                .flatMap(list -> children(list, "license").stream())
                .flatMap(licence -> child(licence, "name").stream())
                .map(name -> name.getTextContent().strip())
                .toList();
        return licences.isEmpty()
                ? child(project, "parent")
                        .map(parent -> ofPom(pomOf(parent, repository), repository))
                        .orElse(List.of())
                : licences;
    }

    private static Path pomBeside(Path jar) {
        var version = jar.getParent();
        return version.resolve(version.getParent().getFileName() + "-" + version.getFileName() + ".pom");
    }

    private static Path pomOf(Element parent, Path repository) {
        var artifact = value(parent, "artifactId");
        var version = value(parent, "version");
        return repository
                .resolve(value(parent, "groupId").replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + ".pom");
    }

    /// A group is as many folders as it has parts.
    private static Path repositoryOf(Path pom) {
        var project = read(pom);
        var group = child(project, "groupId")
                .map(Node::getTextContent)
                .orElseGet(() -> value(child(project, "parent").orElseThrow(), "groupId"));
        var folder = pom.toAbsolutePath().getParent().getParent();
        for (int part = 0; part < group.strip().split("\\.").length; part++) {
            folder = folder.getParent();
        }
        return folder.getParent();
    }

    private static Element read(Path pom) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
        } catch (Exception e) {
            throw new IllegalStateException(pom + " cannot be read", e);
        }
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    private static List<Element> children(Element parent, String name) {
        var nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeName().equals(name))
                .map(Element.class::cast)
                .toList();
    }

    private static String value(Element parent, String name) {
        return child(parent, name).orElseThrow().getTextContent().strip();
    }
}
