import { AppConfig } from 'tsango/apps';

export class PollsConfig extends AppConfig {}
