import * as messages from 'tsango/contrib/messages';
import { IntegrityError, transaction } from 'tsango/db';
import type { HttpRequest, HttpResponse } from 'tsango/http';
import { getObjectOr404, redirect, render } from 'tsango/shortcuts';
import { Guest } from './models';

export async function index(request: HttpRequest): Promise<HttpResponse> {
  const name = request.POST.get('name')?.trim();
  if (request.method === 'POST' && name) {
    try {
      await Guest.objects.create({ name });
      messages.success(request, `Welcome, ${name}.`);
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      messages.error(request, `${name} is here already.`);
    }
    return redirect('guests:index');
  }
  const guests = await Guest.objects.all().slice(0, 10);
  return render(request, 'guests/index.html', { guests, count: Guest.objects.count() });
}

export async function detail(request: HttpRequest, { pk }: { pk: number }): Promise<HttpResponse> {
  return render(request, 'guests/detail.html', { guest: await getObjectOr404(Guest, { pk }) });
}

/** All of them come, or nobody. */
export async function party(request: HttpRequest): Promise<HttpResponse> {
  await transaction.atomic(async () => {
    for (const name of request.POST.getlist('name')) await Guest.objects.create({ name });
  });
  return redirect('guests:index');
}
