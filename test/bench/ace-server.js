/** ace-desk as it is served: the whole house with its Slack door, configured by the environment alone. */
import { readConfig } from '../../dist/config.js';
import { openHouse } from '../../dist/house.js';
import { createLog } from '../../dist/log.js';
import { openSlack } from '../../dist/slack-side.js';
import { serve } from './server.js';

const config = readConfig();
const log = createLog(config.logLevel);
const house = await openHouse({ config, log });
const slack = await openSlack(config, house, log);
serve(slack.port, async () => {
  await slack.stop();
  await house.stop();
});
