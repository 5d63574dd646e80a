/** The page of the recorded site that is there. */
import { HttpResponse } from 'tsango/http';

export const lambda = (): HttpResponse => new HttpResponse('OK');
