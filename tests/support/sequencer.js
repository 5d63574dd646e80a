'use strict';
/**
 * The order of the test files. A fresh clone knows of no durations, and jest would begin with the largest files: those
 * that take the longest, mostly waiting for installations, browsers and servers, would run alone at the end.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const FIRST = [
  'tests/e2e/package.test.ts',
  'tests/contract/session_load.test.ts',
  'tests/docs/samples.test.ts',
  'tests/docs/tutorial.test.ts',
  'tests/contract/sessions.test.ts',
  'tests/conformance/http_admin.test.ts',
  'tests/conformance/orm.test.ts',
  'tests/security/linear.test.ts',
  'tests/e2e/supervision.test.ts',
  'tests/e2e/journeys/',
  'tests/contract/',
  'tests/core/management/',
  'tests/interop/',
  'tests/e2e/',
];

const rank = ({ path }) => {
  const at = FIRST.findIndex((each) => path.replaceAll('\\', '/').includes(each));
  return at < 0 ? FIRST.length : at;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
