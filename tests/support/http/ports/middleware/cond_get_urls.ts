/** The page of the recorded site of conditional requests. */
import { HttpResponse } from 'tsango/http';

export const lambda = (): HttpResponse => new HttpResponse('root is here');
