/** `node --import …/typescript.js`: lets Node 20 run our sources as they stand, for tests that need a second process. */
import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
