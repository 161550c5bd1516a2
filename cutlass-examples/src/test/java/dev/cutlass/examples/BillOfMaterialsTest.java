package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** cutlass-bom has no parent, so nothing but this test keeps it in step with the rest. */
final class BillOfMaterialsTest {
    private static final Path ROOT = Path.of(System.getProperty("cutlass.root", ".."));
    private static final Set<String> NEVER_PUBLISHED = Set.of("cutlass-bom", "cutlass-bench");

    @Test
    void itHasTheVersionOfTheBuildAndNamesEveryPublishedModule() throws Exception {
        Document build = read(ROOT.resolve("pom.xml"));
        Document bom = read(ROOT.resolve("cutlass-bom/pom.xml"));

        Set<String> modules = texts(build, "module");
        modules.removeAll(NEVER_PUBLISHED);
        Set<String> artifacts = texts(bom, "artifactId");
        artifacts.removeIf(artifact -> artifact.startsWith("maven-") || NEVER_PUBLISHED.contains(artifact));

        assertEquals(modules, artifacts);
        assertEquals(firstText(build, "version"), firstText(bom, "version"));
        assertEquals(
                firstText(build, "project.build.outputTimestamp"), firstText(bom, "project.build.outputTimestamp"));
    }

    private static Document read(Path file) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static String firstText(Document document, String tag) {
        return document.getElementsByTagName(tag).item(0).getTextContent();
    }

    private static Set<String> texts(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        Set<String> texts = new TreeSet<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
