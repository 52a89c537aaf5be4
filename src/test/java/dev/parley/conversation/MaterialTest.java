package dev.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.model.PromptTokens;
import dev.parley.model.Spend;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MaterialTest {

    private final List<Material.Old> items = new ArrayList<>();

    @Test
    void wholeTurnsAreFoldedAsFarAsTheTokensGo() {
        turn(Item.Message.user("a", null), Item.Message.assistant("b"));
        turn(Item.Message.user("c", null), Item.Message.assistant("d"));
        turn(Item.Message.user("e", null), Item.Message.assistant("f"));

        assertThat(Material.choose(items, 100, 45)).hasSize(4);
    }

    @Test
    void aTurnThatIsTooLargeByItselfIsFoldedAllTheSame() {
        turn(Item.Message.user("a", null), Item.Message.assistant("b"));
        turn(Item.Message.user("c", null));

        assertThat(Material.choose(items, 100, 5)).hasSize(2);
    }

    @Test
    void callsAndTheirResultsAreFoldedTogether() {
        turn(Item.Message.user("a", null), Item.Message.assistant("b"));
        turn(
                Item.Message.user("c", null),
                new Item.FunctionCall("1", "f", "{}"),
                new Item.FunctionCallOutput("1", "x"),
                Item.Message.assistant("d"));

        // One more than the limit was read: the second turn goes on.
        assertThat(Material.choose(items, 5, 1000)).hasSize(2);
        assertThat(Material.choose(items, 4, 1000)).hasSize(2);
        assertThat(Material.choose(items, 6, 1000)).hasSize(6);
    }

    @Test
    void aTurnOfMoreItemsThanTheLimitStillGetsOn() {
        turn(Item.Message.user("a", null), Item.Message.assistant("b"), Item.Message.assistant("c"));

        assertThat(Material.choose(items, 2, 1000)).hasSize(2);
    }

    @Test
    void eachItemKeepsItsBeginningWhenThereIsTooMuch() {
        turn(Item.Message.user("alpha ".repeat(1000), null), Item.Message.assistant("beta ".repeat(1000)));
        var material = new Material(null, Material.choose(items, 100, 100));

        List<Material.Line> lines = material.lines(200);

        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(PromptTokens.estimate(line.text()))
                .isBetween(90, 100));
        assertThat(lines.getFirst().text()).startsWith("alpha");
    }

    @Test
    void selectingKeepsWhatTellsMostInItsOrderAndAlwaysTheSame() {
        turn(Item.Message.user("My name is Ann Miller and I live in Rotterdam.", null), Item.Message.assistant("Ok."));
        for (int i = 0; i < 20; i++) {
            turn(Item.Message.user("And so on and so on.", null), Item.Message.assistant("Ok."));
        }
        turn(Item.Message.user("The invoice 4711 must be paid before Friday.", null), Item.Message.assistant("Ok."));
        var material = new Material("User: The dog is called Rex.", Material.choose(items, 1000, 100_000));
        var summariser = new SelectingSummariser(10_000, 60);

        String text = summariser.summarise(material, Spend.UNMETERED).text();

        assertThat(text.lines())
                .contains(
                        "User: The dog is called Rex.",
                        "User: My name is Ann Miller and I live in Rotterdam.",
                        "User: The invoice 4711 must be paid before Friday.")
                .doesNotHaveDuplicates();
        assertThat(text.indexOf("Rex")).isLessThan(text.indexOf("Miller"));
        assertThat(text.indexOf("Miller")).isLessThan(text.indexOf("4711"));
        assertThat(PromptTokens.estimate(text)).isLessThanOrEqualTo(60);
        assertThat(summariser.summarise(material, Spend.UNMETERED).text()).isEqualTo(text);
    }

    private void turn(Item... said) {
        UUID id = UUID.randomUUID();
        for (Item item : said) {
            items.add(new Material.Old(new StoredItem(items.size(), id, item), 10));
        }
    }
}
