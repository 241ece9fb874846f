import{a,b}from"./chunk-M7GZBGFN.js";import"./chunk-EC2LWZKC.js";export{b as buttons,a as show};
