/** A site with a form that uploads files: token, message and redirect, as a person meets them in a browser. */
import { createHash } from 'node:crypto';
import { defineSettings } from 'tsango/conf';
import * as messages from 'tsango/contrib/messages';
import type { UploadedFile } from 'tsango/core/files/uploadedfile';
import type { HttpRequest, HttpResponse } from 'tsango/http';
import { redirect, render } from 'tsango/shortcuts';
import { path } from 'tsango/urls';

async function upload(request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== 'POST') return render(request, 'upload.html');
  for (const file of request.FILES.getlist('files') as UploadedFile[]) {
    const hash = createHash('sha256');
    for await (const chunk of file.chunks()) hash.update(chunk);
    messages.success(
      request,
      `${file.name}: ${file.size} bytes, ${file.constructor.name}, ${hash.digest('hex')}`,
    );
  }
  messages.info(request, `Title: ${request.POST.get('title')}`);
  return redirect('upload') as HttpResponse;
}

export const urlpatterns = [path('', upload, { name: 'upload' })];

const PAGE = `<!DOCTYPE html><html lang="en"><head><title>Upload</title><link rel="icon" href="data:,"></head><body>
<ul>{% for message in messages %}<li class="{{ message.tags }}">{{ message }}</li>{% endfor %}</ul>
<form method="post" enctype="multipart/form-data">{% csrf_token %}
<label>Title <input name="title"></label><label>Files <input type="file" name="files" multiple></label>
<button>Send</button></form></body></html>`;

export default defineSettings({
  SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
  DEBUG: false,
  ALLOWED_HOSTS: ['127.0.0.1'],
  ROOT_URLCONF: 'tests.support.forms_site',
  INSTALLED_APPS: ['tsango.contrib.sessions', 'tsango.contrib.messages'],
  SESSION_ENGINE: 'tsango.contrib.sessions.backends.signed_cookies',
  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.messages.middleware.MessageMiddleware',
    'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
  ],
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      OPTIONS: {
        context_processors: ['tsango.contrib.messages.context_processors.messages'],
        loaders: [['tsango.template.loaders.locmem.Loader', { 'upload.html': PAGE }]],
      },
    },
  ],
});
