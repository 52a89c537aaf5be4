package dev.parley.model;

import dev.parley.model.Catalog.ChatEntry;
import java.util.List;

/// Decides whom a route asks first.
interface RouteOrder {

    /// The same models in the order to ask them in.
    List<ChatEntry> of(ModelsConfig.Route route, List<ChatEntry> models);
}
