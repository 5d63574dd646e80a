'use strict';
/** What the process itself knows of its memory and its event loop: for the measurements of memory and the soak. */
const { monitorEventLoopDelay } = require('node:perf_hooks');
const v8 = require('node:v8');
const vm = require('node:vm');

const RESOLUTION_MS = 10;

/** Answers `/-/stats`, with `?gc` after a garbage collection; all else goes to the site. */
exports.around = (listener) => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return (request, response) => {
    if (!request.url.startsWith('/-/stats')) return listener(request, response);
    if (request.url.endsWith('?gc')) {
      collect();
      collect();
    }
    const { heapUsed, external } = process.memoryUsage();
    const body = JSON.stringify({
      heapUsed,
      external,
      lagP99: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
      lagMax: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
    });
    delay.reset();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(body);
  };
};
