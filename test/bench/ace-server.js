/** ace-desk as it is served: the whole house with its doors into chat, configured by the environment alone. */
import { readConfig } from '../../dist/config.js';
import { openDoors } from '../../dist/doors.js';
import { openHouse } from '../../dist/house.js';
import { createLog } from '../../dist/log.js';
import { serve } from './server.js';

const config = readConfig();
const log = createLog(config.logLevel);
const house = await openHouse({ config, log });
const doors = await openDoors(config, house, log);
serve(doors.port, async () => {
  await doors.stop();
  await house.stop();
});
