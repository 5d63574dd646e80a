/** Visits of Django's own tests of generic views: the same answers, and the same rows afterwards. */
import { configure } from 'tsango/conf';
import { replayApp } from '../support/http/replay';
import { describeVectors, reportArea } from '../support/vectors';

configure({
  SECRET_KEY: 'django_tests_secret_key',
  USE_TZ: false,
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
});

describeVectors('http/transcripts', 'sites', () => {
  it.each([['generic_views', 0.5]])(
    'answer as Django’s: %s',
    async (app, floor) => {
      const outcomes = await replayApp(app);
      const passed = outcomes.filter(({ result }) => result === 'passed').length;
      const failed = outcomes.filter(({ result }) => result === 'failed');
      reportArea(`http ${app}`, passed, passed + failed.length);
      process.stdout.write(
        `  ${outcomes.filter(({ result }) => result === 'elsewhere').length} steps rest on what no recording holds, or is not here\n`,
      );
      if (process.env['FAILURES'] !== undefined) {
        for (const { id, step, result, why } of outcomes)
          if (result !== 'passed') process.stdout.write(`${result} ${id} ${step}: ${why}\n`);
      }
      expect(passed / (passed + failed.length)).toBeGreaterThanOrEqual(floor);
    },
    120_000,
  );
});
