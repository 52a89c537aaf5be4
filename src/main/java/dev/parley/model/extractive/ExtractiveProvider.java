package dev.parley.model.extractive;

import dev.parley.model.Capability;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/// Opens the extractive model.
@ApplicationScoped
class ExtractiveProvider implements ChatProvider {

    @Override
    public String type() {
        return "extractive";
    }

    /// Tools are ignored, not called, so they are not among it.
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Client open(ChatModelSettings settings, ProviderSettings provider) {
        var model = new ExtractiveChatModel();
        return new Client(model, model);
    }
}
