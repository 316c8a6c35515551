/** Hosts that many companies share: a mailbox, a page in a network, a kit for websites. They tell no customer from another. */
const SHARED = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.com gmx.de
  gmx.net web.de t-online.de proton.me protonmail.com zoho.com mail.com mail.ru yandex.ru yandex.com qq.com 163.com 126.com
  naver.com linkedin.com facebook.com fb.com instagram.com twitter.com x.com youtube.com tiktok.com xing.com threads.net
  linktr.ee medium.com github.com github.io gitlab.com google.com goo.gl bing.com wikipedia.org crunchbase.com bloomberg.com
  amazon.com amazon.de amazon.co.uk amazonaws.com wordpress.com blogspot.com wixsite.com weebly.com squarespace.com
  myshopify.com webflow.io notion.site business.site`.split(/\s+/),
);

/** Whether that host, or what it is a part of ("de.linkedin.com"), is nobody's own. */
export function isShared(domain: string): boolean {
  const labels = domain.split('.');
  return labels.some((_, nth) => SHARED.has(labels.slice(nth).join('.')));
}
