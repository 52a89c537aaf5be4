package dev.parley.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How the buckets of a label go to its versions.
///
/// A split that changes keeps what it can: each version keeps its buckets up to its new size, and only what it has
/// too many of goes to those that have too few. So no more keys move than the sizes differ by.
final class Split {

    /// A hundredth of a percent each. `prompt_bucket` in the database says which one a key has.
    static final int BUCKETS = 10_000;

    private Split() {}

    /// @param sizes buckets by version; together they are all
    /// @param before none where the label is new
    static List<Share> of(Map<Integer, Integer> sizes, List<Share> before) {
        int[] owners = new int[BUCKETS];
        var open = new LinkedHashMap<>(sizes);
        for (Share share : before) {
            for (int bucket = share.first();
                    bucket < share.end() && open.getOrDefault(share.version(), 0) > 0;
                    bucket++) {
                owners[bucket] = share.version();
                open.merge(share.version(), -1, Integer::sum);
            }
        }
        int next = 0;
        for (Map.Entry<Integer, Integer> version : open.entrySet()) {
            for (int left = version.getValue(); left > 0; next++) {
                if (owners[next] == 0) {
                    owners[next] = version.getKey();
                    left--;
                }
            }
        }
        return shares(owners);
    }

    private static List<Share> shares(int[] owners) {
        var shares = new ArrayList<Share>();
        int first = 0;
        for (int bucket = 1; bucket <= BUCKETS; bucket++) {
            if (bucket == BUCKETS || owners[bucket] != owners[first]) {
                shares.add(new Share(owners[first], first, bucket));
                first = bucket;
            }
        }
        return shares;
    }
}
