package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponsesClient.accumulate;
import static dev.parley.chat.responses.ResponsesClient.ask;
import static dev.parley.chat.responses.ResponsesClient.output;
import static dev.parley.chat.responses.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.models.conversations.Conversation;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.ConversationUpdateParams;
import com.openai.models.conversations.items.ConversationItem;
import com.openai.models.conversations.items.ItemCreateParams;
import com.openai.models.conversations.items.ItemDeleteParams;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.conversations.items.ItemRetrieveParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseStatus;
import com.openai.services.blocking.conversations.ItemService;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Conversations in the hands of OpenAI's own Java client.
@QuarkusTest
class ConversationsClientIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ResponsesClient openai = new ResponsesClient(Api.newTenant());
    private final OpenAIClient client = openai.client();
    private final ItemService items = client.conversations().items();

    @AfterEach
    void close() {
        openai.close();
    }

    @Test
    void aConversationIsMadeChangedAndDeleted() {
        Conversation made = client.conversations()
                .create(ConversationCreateParams.builder()
                        .metadata(ConversationCreateParams.Metadata.builder()
                                .putAdditionalProperty("topic", JsonValue.from("a"))
                                .build())
                        .addItem(said("I am Ann."))
                        .build())
                .validate();
        String id = made.id();
        assertThat(client.conversations().retrieve(id).validate()).isEqualTo(made);

        Conversation changed = client.conversations()
                .update(
                        id,
                        ConversationUpdateParams.builder()
                                .metadata(ConversationUpdateParams.Metadata.builder()
                                        .putAdditionalProperty("topic", JsonValue.from("b"))
                                        .build())
                                .build())
                .validate();
        assertThat(changed._metadata()).isEqualTo(JsonValue.from(Map.of("topic", "b")));
        assertThat(items.list(id).items()).hasSize(1);

        assertThat(client.conversations().delete(id).validate().deleted()).isTrue();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.conversations().retrieve(id));
    }

    @Test
    void itemsAreAddedPagedReadAndDeleted() {
        String id = client.conversations().create().id();
        var first = ItemCreateParams.builder();
        List.of("one", "two", "three", "four").forEach(word -> first.addItem(said(word)));
        items.create(id, first.build()).validate();
        var added = items.create(
                        id,
                        ItemCreateParams.builder()
                                .addItem(output("call_1", "sun"))
                                .build())
                .validate();
        String last = added.data().getFirst().asFunctionCallOutput().id();

        var page = items.list(
                id,
                ItemListParams.builder()
                        .limit(2)
                        .order(ItemListParams.Order.ASC)
                        .build());
        assertThat(page.items()).hasSize(2);
        List<ConversationItem> all =
                page.autoPager().stream().map(ConversationItem::validate).toList();
        assertThat(all.subList(0, 4))
                .extracting(ConversationsClientIT::words)
                .containsExactly("one", "two", "three", "four");
        assertThat(all.getLast()).isEqualTo(added.data().getFirst());
        assertThat(items.list(id).items()).as("newest first").isEqualTo(all.reversed());

        var item = ItemRetrieveParams.builder().conversationId(id).build();
        assertThat(items.retrieve(last, item).asFunctionCallOutput().callId()).isEqualTo("call_1");
        items.delete(last, ItemDeleteParams.builder().conversationId(id).build())
                .validate();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> items.retrieve(last, item));
        assertThat(items.list(id).items()).hasSize(4);
    }

    @Test
    void aConversationIsContinuedWholeStreamedAndInTheBackground() {
        String conversation = client.conversations().create().id();
        var script = ScriptedProvider.script(Reply.text("Hello Ann."), Reply.text("Ann."), Reply.text("Ann, still."));
        String marker = script.marker();

        Response whole = client.responses()
                .create(ask("I am Ann. " + marker).conversation(conversation).build());
        Response streamed = accumulate(
                openai.stream(ask("Who? " + marker).conversation(conversation).build()));
        Response queued = client.responses()
                .create(ask("And now? " + marker)
                        .conversation(conversation)
                        .background(true)
                        .build());
        Response inBackground = await().atMost(PATIENCE)
                .until(
                        () -> client.responses().retrieve(queued.id()).validate(),
                        response -> response.status().orElseThrow().equals(ResponseStatus.COMPLETED));

        assertThat(List.of(whole, streamed, inBackground))
                .allSatisfy(response ->
                        assertThat(response.conversation().orElseThrow().id()).isEqualTo(conversation));
        assertThat(text(inBackground)).isEqualTo("Ann, still.");
        assertThat(script.requests())
                .extracting(request -> request.body().path("messages").size())
                .as("each sees what was said before")
                .containsExactly(1, 3, 5);
        var asked = client.responses().inputItems().list(queued.id()).items();
        assertThat(asked).as("its own input, not the conversation").hasSize(1);
        List<ConversationItem> kept = items.list(conversation).items().reversed();
        assertThat(kept)
                .extracting(ConversationsClientIT::words)
                .containsExactly(
                        "I am Ann. " + marker,
                        "Hello Ann.",
                        "Who? " + marker,
                        "Ann.",
                        "And now? " + marker,
                        "Ann, still.");
    }

    private static EasyInputMessage said(String text) {
        return EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(text)
                .build();
    }

    private static String words(ConversationItem item) {
        var content = item.asMessage().content().getFirst();
        return content.inputText().map(text -> text.text()).orElseGet(() -> content.asOutputText()
                .text());
    }
}
