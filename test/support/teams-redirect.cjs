/**
 * Loaded before the process (`NODE_OPTIONS=--require`): what goes to Microsoft's hosts goes to the stand-in on this machine,
 * whose certificate NODE_EXTRA_CA_CERTS trusts. Nothing else of the process is changed. TEAMS_STAND_IN: its port.
 */
const tls = require('node:tls');

const HOSTS = ['login.botframework.com', 'login.microsoftonline.com', 'smba.trafficmanager.net'];
const port = Number(process.env.TEAMS_STAND_IN);
const { connect } = tls;

/** Every client of Node's (https, undici) comes through here, with its options first. */
tls.connect = function redirected(options, ...rest) {
  const host =
    typeof options === 'object' && options !== null ? options.servername || options.host : undefined;
  return HOSTS.includes(host)
    ? connect.call(tls, { ...options, host: '127.0.0.1', port, servername: host, path: undefined }, ...rest)
    : connect.call(tls, options, ...rest);
};

module.exports = { HOSTS };
