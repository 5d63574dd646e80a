import { type HttpRequest, JsonResponse, StreamingHttpResponse } from 'tsango/http';
import { events, publish } from './events';
import { ReadingForm } from './forms';
import { Reading } from './models';

/** A reading of a sensor. The sensors are no browsers: what they send has no CSRF token, and changes nothing else. */
export async function measure(request: HttpRequest) {
  const form = new ReadingForm({ data: request.POST });
  if (!(await form.isValid()))
    return new JsonResponse({ errors: form.errors.getJsonData() }, { status: 400 });
  const { sensor, value } = form.cleanedData;
  await Reading.objects.create({ sensor: String(sensor), value: Number(value) });
  publish({ sensor: String(sensor), value: Number(value) });
  return new JsonResponse({}, { status: 201 });
}

/** The last readings, and every one that comes. */
export function stream(_request: HttpRequest) {
  const known = Reading.objects
    .all()
    .slice(0, 20)
    .then((rows) => rows.reverse());
  return new StreamingHttpResponse(events(known), {
    contentType: 'text/event-stream',
    headers: { 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' },
  });
}
