package dev.parley.model.extractive;

import dev.parley.model.ChatProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;

/// Opens the extractive model.
@ApplicationScoped
class ExtractiveProvider implements ChatProvider {

    @Override
    public String type() {
        return "extractive";
    }

    @Override
    public Client open(String modelName, ProviderSettings provider) {
        var model = new ExtractiveChatModel();
        return new Client(model, model);
    }
}
