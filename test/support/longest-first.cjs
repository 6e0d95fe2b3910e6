// The order of suites: the longest one first, so that no worker idles at the end while another runs it.
const Sequencer = require("@jest/test-sequencer").default;
const { relative } = require("node:path");
const DURATIONS = require("./durations.json");

/** The paths, the longest suite first. One without a duration is new, and perhaps long: it comes before all. */
function longestFirst(paths, durations) {
  const duration = (path) => durations[path] ?? Infinity;
  return [...paths].sort((a, b) => {
    if (duration(a) !== duration(b)) return duration(a) < duration(b) ? 1 : -1;
    return a < b ? -1 : 1;
  });
}

class LongestFirst extends Sequencer {
  sort(tests) {
    const byPath = new Map(
      tests.map((test) => {
        const path = relative(test.context.config.rootDir, test.path);
        return [path.replaceAll("\\", "/"), test];
      }),
    );
    return longestFirst([...byPath.keys()], DURATIONS).map((path) => byPath.get(path));
  }
}

module.exports = LongestFirst;
module.exports.longestFirst = longestFirst;
