import { mount } from "svelte";
import App from "./app.svelte";
import { installFigureColors } from "./shell/figure-colors.ts";
import "./styles/tokens.css";
import "./styles/base.css";

installFigureColors();
const target = document.getElementById("app");
if (target) {
  target.replaceChildren();
  mount(App, { target });
}
