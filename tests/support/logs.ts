/** Records of a logger, caught for a test. */
import { getLogger, Handler, type LogRecord } from 'tsango/utils/log';

class Capture extends Handler {
  readonly records: LogRecord[] = [];
  emit(record: LogRecord): void {
    this.records.push(record);
  }
}

/** What `body` logs to a logger and its descendants, as `LEVEL:name:message`; nothing of it is printed. */
export async function captureLogs(name: string, body: () => unknown): Promise<string[]> {
  return (await captureRecords(name, body)).map((r) => `${r.levelName}:${r.name}:${r.message}`);
}

/** The records of `captureLogs`. */
export async function captureRecords(name: string, body: () => unknown): Promise<LogRecord[]> {
  const logger = getLogger(name);
  const capture = new Capture();
  logger.addHandler(capture);
  const { handlers, propagate, level } = logger;
  logger.handlers = [capture];
  logger.propagate = false;
  logger.level = 10;
  try {
    await body();
  } finally {
    logger.handlers = handlers;
    logger.removeHandler(capture);
    logger.propagate = propagate;
    logger.level = level;
  }
  return capture.records;
}
