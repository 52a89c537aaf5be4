package dev.parley.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A native executable knows only the classes that are registered: the ones the embedding model's C and Rust code asks
/// for by name are found by reading that code.
class NativeLibrariesTest {

    private static final String METADATA = "META-INF/native-image/dev.parley/parley/reachability-metadata.json";
    private static final Pattern CLASS_NAME = Pattern.compile("ai/(?:onnxruntime|djl)/[A-Za-z/$]+");

    private final JsonNode metadata = metadata();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so",
                "ai/onnxruntime/native/linux-aarch64/libonnxruntime4j_jni.so",
                "native/lib/linux-x86_64/cpu/libtokenizers.so",
                "native/lib/linux-aarch64/cpu/libtokenizers.so"
            })
    void everyClassThatALibraryLooksUpIsRegisteredForJni(String library) throws IOException {
        Set<String> asked = CLASS_NAME
                .matcher(new String(resource(library).readAllBytes(), StandardCharsets.ISO_8859_1))
                .results()
                .map(match -> longestClass(match.group()))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).isNotEmpty();
        assertThat(registered()).containsAll(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bge-small-en-v1.5-q.onnx",
                "bge-small-en-v1.5-q-tokenizer.json",
                "native/lib/tokenizers.properties"
            })
    void everyFileTheModelReadsIsRegisteredAndExists(String file) {
        assertThat(values("resources", "glob")).contains(file);
        assertThat(resource(file)).isNotNull();
    }

    /// Whatever lies beside them is taken along as well, half a gigabyte, unless the build leaves it out.
    @ParameterizedTest
    @CsvSource({"native-x86-64, linux-x64, linux-x86_64", "native-arm64, linux-aarch64, linux-aarch64"})
    void anImageHasTheLibrariesOfItsOwnSystemAndNoOther(String profile, String runtime, String tokenizers)
            throws Exception {
        List<PathMatcher> left = Arrays.stream(excludes(profile).split(","))
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();

        assertThat(files("ai/onnxruntime/native/", left))
                .isNotEmpty()
                .allMatch(file -> file.startsWith("ai/onnxruntime/native/" + runtime + "/"));
        assertThat(files("native/lib/", left))
                .contains("native/lib/tokenizers.properties")
                .hasSizeGreaterThan(1)
                .allMatch(file -> file.equals("native/lib/tokenizers.properties")
                        || file.startsWith("native/lib/" + tokenizers + "/"));
    }

    /// What the build of a profile leaves out, as pom.xml has it.
    private static String excludes(String profile) throws Exception {
        var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
        var xpath = XPathFactory.newInstance().newXPath();
        String foreign = xpath.evaluate("/project/properties/foreign.libraries", pom);
        return xpath.evaluate(
                        "/project/profiles/profile[id='%s']/properties/quarkus.native.resources.excludes"
                                .formatted(profile),
                        pom)
                .replace("${foreign.libraries}", foreign);
    }

    private static List<String> files(String folder, List<PathMatcher> left) throws IOException {
        var jar = (JarURLConnection) Thread.currentThread()
                .getContextClassLoader()
                .getResource(folder)
                .openConnection();
        return jar.getJarFile().stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(folder))
                .filter(name -> left.stream().noneMatch(each -> each.matches(Path.of(name))))
                .toList();
    }

    private Set<String> registered() {
        return StreamSupport.stream(metadata.get("reflection").spliterator(), false)
                .filter(entry -> entry.path("jniAccessible").asBoolean())
                .map(entry -> entry.get("type").asText())
                .collect(Collectors.toSet());
    }

    private Set<String> values(String section, String field) {
        return StreamSupport.stream(metadata.get(section).spliterator(), false)
                .map(entry -> entry.get(field).asText())
                .collect(Collectors.toSet());
    }

    /// Strings in a library run into each other: the name is the longest beginning that is a class.
    private static String longestClass(String text) {
        for (int end = text.length(); end > 0; end--) {
            String name = text.substring(0, end);
            if (Thread.currentThread().getContextClassLoader().getResource(name + ".class") != null) {
                return name.replace('/', '.');
            }
        }
        return "";
    }

    private static JsonNode metadata() {
        try (InputStream json = resource(METADATA)) {
            return new ObjectMapper().readTree(json);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static InputStream resource(String name) {
        return Thread.currentThread().getContextClassLoader().getResourceAsStream(name);
    }
}
