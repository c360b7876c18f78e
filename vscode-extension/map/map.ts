import { host } from "./host";
import { Page } from "./page";

const main = document.getElementById("map");
if (main !== null) {
  const here = host();
  const page = new Page(main, here);
  here.listen((message) => page.receive(message));
}
