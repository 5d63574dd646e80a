import 'reflect-metadata';
import { Ignitor } from '@adonisjs/core';
import common from '../common.js';

process.env.PORT = String(common.PORT);
process.env.HOST = '127.0.0.1';
process.env.NODE_ENV = 'production';
const root = new URL('./', import.meta.url);
const importer = (file) => import(file.startsWith('.') ? new URL(file, root).href : file);
await new Ignitor(root, { importer }).httpServer().start();
common.listening('adonis');
