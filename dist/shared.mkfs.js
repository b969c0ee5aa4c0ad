import {
  OLDEST_EROFS_UTILS,
  SUPPORTED_EROFS_UTILS,
  ToolError,
  compareVersions,
  gapsOf,
  layerUuid,
  releaseOf,
  run,
  unsupportedErofsUtils
} from "./shared.options.js";
import {
  FdSink,
  PROFILES,
  REAL_PATHS,
  compressionIn,
  mkfsArguments,
  parseMkfsOptions
} from "./shared.conversion.js";
import {
  CLASSES_IN_WORDS,
  KNOWN_CLASSES,
  isKnownClass
} from "./shared.inputs.js";
import {
  SystemLimitError,
  VeritySignError,
  fixedEnvironment,
  isSystemLimit,
  pathFolders
} from "./shared.start.js";

// src/convert/erofs/mkfs/known-answer-data.ts
var same = (sha256, oldest = sha256) => ({
  A: sha256,
  B: sha256,
  C: sha256,
  "1.8.6": oldest
});
var XATTRS = [
  "H4sIAAAAAAAAA+3aVVBdUZcncAjuEtzdIVy4cHECBLtYCO4eXIK7u7u7a3D34O4S3N3dma97HqZ6pvtp5uueqeH3cM6uveuctapOrTov",
  "f5YvLF++ftdzljDSMzSyhfinYP3v/qM7KysI8D/W/7IPYGUDsEOQOf9z2vm3HOzs9Wz/Uf4/o9b/hThAZAoiEpLSaizOevb2tix2RgYO",
  "tqb2LiwGejZ6+qYW/1jyQ0JAfIIg+7fPIf6XdPvh/zQbUytjR8A/t8a/jjgHx38w/2wAIAcrxD8ubEAQiBX4r/sgAPAf8/+fMpP/n8//",
  "CAzKvPblZp4e3otcIbkK0AOLd9wIXGfVrpUvTafpFuMwMQKL2qeo1WXsXqtmGQEZE+BXTNfy1e7BbN7LnKcEIE1ed4oEvA6xKzFzGh7D",
  "CYRpwidxEgkwDUbfQmQPtWyPxjPtd2kscWva1mDwcuJkSDIIwpnTJPKcn8Xhp3X25vlJEzkn97KRmYlNYhFOc51sfTtXekMosIDMTM9H",
  "MPM2PePpwVciQhCLsWxn5ZPonRTcUBEZRexTMpSFaY9UFOCCtBaIXjv9Y7HZFacOujlPp198lN5ltAwhBRthJv1C2XFbLTtZ7z7fIFmc",
  "e9dEr3lAU8IuEprD4YTtfnMmqFa3OVIr/JR4+XCtJ85MNSdBo7ueFnsSH9Nl+sUojugt6dhsf3rw9KdsNKPFwfNRItrvIgydBK7Rv/b8",
  "Jt8PaFrKSE88elLExpyOkv2ZumXllsbYPbPQc+ZqIW3eDFKqoNB9TcVZ3mtjbg5mgFXLu9sotwYcGQ10aXNW5IWqVZ98BhuawtHhRCou",
  "QFa03vFGoQY/5yP2ymOoOFOExjxGZXwChG3UN6nWdGlUSAHzt3RftWg9svLksm2rJf3VE793rQHrf4ZcXxilTHJyZA6nr0uLENc0FfmC",
  "zPzxtm8QwQnWE25X39cwLcScvFRcAy/c71hU8JY0Rd3JsWS5bkQNGnRwBBSMb+7ysb3XxfJfCzsskOtdy/MI8ndvuIcNhiFemoyUk4v3",
  "5bv0sYRo0tp0pcnMeDolKTfVGQUbFXbGH3o5Ls3ubplehlH5krUi827eK0ufYTxXweMgH44wEyHw+WgUrtvK/jnvizB8xuHu/A8nAR9I",
  "yP0pmxfGWljm1i+DdVY57JPNGqLTxJ7rCehJHiwVh4O/jyUYyocaZV/+UGRlZmsPY62D1e6dVtaaJg2+ts+SvFRHtzPNSLyRZrsTjyvO",
  "P/7it4yqPyvbWDSBtJkKO/PmhOXuvFtc5kuomRAS+FYT7ee43Hq4x7vbp7uwJGNBM5hXsLfrj0BPRKIjgSc7ziu5uw6QQ1Hwi/2OfDxD",
  "dqdZvbexldDanZ1fl2Hs8ez609VxijHuKlMwbc56B4rwiwR3v6oeX3QxOYdUkUPHIpQ3fSkkLyUXs6CdGs/EpDH0WdaQOhvOJ3/YKhLh",
  "hpFwxok02OK/d2KzQe8Z8UibdGs877G6TUdlIwhyD4D+cFp2Fjqme/Fys2jfoKRNOMK8HVRxLDgKnjLW2ZFCtOQ5vKx8Niu2nid0kkyi",
  "+7cfk8uI1An0GNFmM+3nGSyPrwReqoGOPseo93fj/araFxa1N2bBdoaDxW+HJ8cQpH9rY7/FcejAyJwJf04X5rezb7S+/3oh0Sf+qIJf",
  "d4VB6ctEF6hXWEgvTVeqnPs4Dj2f/ozkGDYe+v5OU78ww+uNd0oa9Hain2hvxkM6qsvm2WiZ/6vvqmJX5Sh6ZwCAngxdIDI5XUEK+dnd",
  "mrTRzROk1Y99anS6sqb+8vU4C5+36ou/GYVaMfFs7N6zy6eirzwBUiZuwshEfHRjkGJ+yogXhmlbG6mbIdGJby70IW8FZqnQcKVoud2o",
  "Od/bW9WWyHLglN36FsbHq62zoGBBQ+Bpx41KmpAqdAaQU591tcHNe6HXPE2fIvvjqtXTrxdWC4bFxj22G68H7OIUbXY1o4BNAfIWzZyC",
  "rnD+NCn9n84J6XzJAMg4SjrkCTHNS6ZyzFa1I0YKWIAN6NI5ZB2R4PGABg1vhIo4ekTLJEbpCZP+oD7WlZ/lC5wjDgeh0bwH52nNFL9/",
  "mbvvFM81bSbYvb+iOpqEED4sPsAg2XuZTGzpcfkJ3sUvQnVK1/FvwyveVHPKURRhnRrRlt84fBmCuINeY7n7A0j0we2VJDeuQYorNvel",
  "0xkqepG5tJdksoc1d19U1eAeB4QruS3rvReueJiezpNdpE5MzXiqs2DuH+e47xkf6c084ztu+LmwNpbNuXUJIeUn/v0QRCW2LrUDtjF4",
  "LPRErqor6OYvrCgRy14ji29J5uYNQ+coV0VVmdYMYHDjhLeGYDvEJbzQu2w/l0GMe6e1fwgjO/s0CQ9mKeItoDAWkjW3aKfgWqzOIEa0",
  "z5TxRyrx78gW1hCD+BVvojpAihLgm9FKfJYcREm+l+UCRidab43FmOVijv/xRYHf5e+wlcHY29ixDgrOJj4QyZaQLZyx0PMCFpJ4DmNi",
  "z4Hh3XaBpLcBsA3VHox4iXXxEgHmaFimgubdGD4QVU1iYXRFRHsytfOEmUY+B6rzJPmvee9yjXLVlVwlIQz7+guMA17zfMm3sQUTLP+2",
  "GORyn5DEipJl8x+qBiS2QypTAxTcoCIFvvAOe9KR0Yfiy9ewy6a6VStgyqSA2y3jO86DKHkEZ3LZKHQKxTJOQaF/2kyUacUOf2Z64K8v",
  "IUUp6wulu/TjHWLFAb6Vr81lITbj4MglcsxrC/tNX8TMsJSfKExSFaDKyT2XaXnj05b2JMv7S02sUd7vuUgkraTSvjTMYPVSLh0sjGpO",
  "fS6sD+0/hqbQlWv/uS2BfKip9GR9/uZ2a8gN28d27HWxBYxB5ulPshVb0fhJalk1L7Hdpao3+8cdL9TxuvWLX8fJqb6GGflv/3d0cl/d",
  "sGejuR+79D8JOYyN09WRyWpymam633dUWJ9aOD9bUm1weIBO0qVxacAFJkFjYuo3CIENS4drTBAUQWn6iimF9APDCu0xRLiioG8xOQyY",
  "138FWsYihUkS0AIsTzQ44C/q276vAWFwODDQM/EbBqQHixKXxAUM1ULuoQmObH25gWMUbrrXIxCmJ/mAQtlMVaTZ+DOyajko5nk3K1ie",
  "/omxC95hTChR2OjYgnIZnCZDn83DBH4a5sykN8H5mJ8igQ8ypNkJdI6QaL5gxv7DKG/VCLMxEtanv9gS/d3F2VD4nH59Puxr9KsNYxMc",
  "3mLdZAJQ4mnI67rsKxXyTW/2hTjDOcWs2TWbXQ/J+CQ3vzmqzEDFg1nywG7fwSIaWs1n9FW5LOxsO/5rapQCOYC60h4uczJpow4il/BD",
  "nnrxMVt/ip9uqd1nJ83WnVEuFsaqvT80nfP+8LlKM5WWpvR8y7aWJU5MVL8s++Byp6+ltp2PISWYoPYlWksZEOyGredNCbrWY1kQRIZ2",
  "kxl7CO6ycGKVIOo2GrdN6Oatw7MHG90+cft72I66xfHF2/+ity3Ht77Az9VTK4aXdovMnd88fDmkS5X09HEHqGV7+dK+E4zf3KaGKBG0",
  "UZwF+kWm0GruhC8agkVX99rO0E7hbs6RNOltG6PzDRF5fSUoVc1VGn3yXl0skdOdQNuitGxdNJm7hsAcO2EJV8oWnGvUqfaSfS04n9K8",
  "SqQTwuuwtoBpWTGF7OEdLwLyaxyisZWF9gYs8qL73wOwZKZgJuPzPISgkwdCxK/DdpDRwYvDXk+UMS9C+7qJdn/8fuotfm7PJopxEZu5",
  "q4tJj1chJv8GeRvdFUkN/UeRSHjgcSVkZ8N4D9A2rAlZUqsZzW2eXhulI0FeTogqFq9qFxuNPWKVWofDr+iYIUk00OJ/xEaQlsBg/u6J",
  "Chcospxxv4ym678oESh30X6ngcTEbFil6avznMYgH8cZUxAsinEIBQFHwje7qNsUrpF756LMup9UyWRH/ZuG8PGHd5YZA4kU3LgKVC4z",
  "o/fhBT33JgMVDIUB71nL/fJxW25VLLpWvW9cXvs2O4x0CX/nOW1sJDGq71rGYlDsxvIgHPF04y+E8kfiEbDZwmDoKF8tAZDr6+XqKHZT",
  "5ldDlVxX7yxlrGl2GMtwrUqEIElF/m6Yx7ol+eKdU/eQFCQC7wpcg0F0h+txPFLboIgSmHPRs+27NRyCkb5qUFOMTBuniQRapt5Xmg7/",
  "gJsIQjEhiS7YnXFSfAnSHb304m92B00YUDPN+vpzwYie3gbnnsepCxWKcnyjB86I4uyNzJiBSkMpPnK2BwfgixI7YrzjI2GOusyysYa8",
  "6Ui1yk3IjuIkl6FNGQ43KjXP911oWmny2RKPRMRyRRhM8f4/f3IQuFji7fxoiktg1ps90WWL/QLMTHappcTR8+IKJzs7POdA8FyFXCgt",
  "Je2Tqhvpub6++MiO2fcCo+x6h3s2EIq3RbDFF4Q/FslZvxg+KjqEMGtWc33lV3WIgvgiOyVJMbU1nzdR7JpqqrOXCh1cGbflFwudLPgM",
  "HUlWf+BQ9/12HnKMw/MHoVivgQ7sbDpm5lGxZHfoNdUIY95YWtSgNWwvu3qzK5nVCxFWp02z0OUoBRlALrEl0HW1RqhHBizKShR1i0T9",
  "ySZko7sipzjG79OIuGjvXpp5oOEDSpAttprC2rj5XnuxgSWfiHea3RV78G+5gYUZGBMCr3MNfAQ/JALKCycSE5rvJXGDenUy21Germ4D",
  "CgldXmWDHs0LgjwoIg1E4SkvqqmHSqzGXcKpWq8AGzwBYS7EjQOLqjb+43wNj4SzQsm4saOraNmp8iwv+pNf4WzpD4smA5vOQUGd+y1g",
  "JhBaCfXlESSUe7npfViQY1soouGetm2YIcCZq73LwqUuFfJhgf8aYTAooFPpMa9Crblan9HycF/Bs2X5iICgMV8Jy+C10+RWLj16Q9BD",
  "YTPYlJ8jSaF9aBz0W5k3uM9pB/1rlkv6U/hjBy9RfiWkfviYPYkPh86MQzojBFdLHSxpHwah7+dESdIFIqevRYEDzs4w0zC8u54r3mma",
  "EygxnquZxPgtID0ktspWiOZ2y0e1qQmHJMBVOeLYLGtWqp+7+iNpj7Puobye52O4V8R01JeNawMIKvGtGTYDgbPHxtHdV0vzFn1BQ/h1",
  "E/tYThLRmtm+4cK9F6lzAbxPpsLIM5sXlvjZYVu1Yi+S0+JWg355OPOruUqrf3uBEEIwNCCc2ui/Ha8cyH8X3n5qJNTH0TsxHHnskx/t",
  "NoeZJLI8hTxFnrAsb6gWNfk579dRXTFWqsqrr4J/iJQjzSubCPAd7MRZPqj4y6IIaqN4CtWscv+kUvhcgC2AxyNYsRgIfnNS2Ml5cBDP",
  "jntPGiA2S3mmbArfylmmM6sGwvVbwSBhrJD6t34mi6q9RJUr07nx0toWnSeZek37PiQBxhbjB1Cb/+jkDDG+fZM1cz6Aj6OEsvciGErU",
  "6Xf3kB67m+fuQgSPtldofxqTLBgiDVH2xjU9Q1Oj67GforT+ZWhnrib3B+QQF9/KghfYb9a+w4JSvuf0oHLNifH85vWVy00lpKU7kdsa",
  "yf75AKbBdSp7oTVXU40dLWKG0eT7oDVL31hh9S8woH3xc3qzDVGLbDMf044cQrnWWrC4vrike6P7XDi/eGMSKFUvsWul8hVgidPmdPJY",
  "oQfvl2GQLJdxbOv6zI4/yYDKdvurhHax2E+zrFTI8wvct46bz2yTLYk347n4TcXWnJ1v0HR9ZsifbHxcSx1EqkIRfgTmLASKMQUi19y+",
  "C+LB0jHPx12+tloAW1FvBtea+lBQZelXSORdUMUC3jCiz4Cw+I/x9uxbxY+1PVTKvsedC2im30Y/aVPIh0HRPYmHoD8I/rSG6/Cv90EQ",
  "QsP15drGBXXE1A5hWebGLRVMVYIrBGvmkSvTDkfva/Ak9t2U94d+IlCW9xKUudfUfPJwrGRC3NOFcsKeDdSQUpQNYTRB9pFVJQgZgnDK",
  "QhTdCbo7YRG7kJDmh+4i+cyz5R3LeZr6icDB0Gd3FQmtNFd6F6+/ZaOjFOjbthZ9yGI33N895AR0or/lN6QkHvM9/V6IMd9Zkab8oude",
  "U2tIkUHlMu9ziLQ5PIJmefpK/rS2oXIlKxaNz94/dwmZzx6EJO5QcNuYkM2fvBu1G426wWbzF1Xay9kKYdChXe+6AjIEskYQqzXNjxAV",
  "jUNYWSKULOBAO5/p3KAUR3yCvVrMjfebL1GFvigHKxeDRHN+Zt2FIpvALkfpaOKpf/g5ln2xSA/V3ZeM9E02P9WyaccxNiVEojLw4YDi",
  "YJNe0Mt+xLkmkX8d6hJUwzr32anySi2jiiMZwzm/2M7TN0UsMoa7PdxS0TdHcr2z6h6tKWT0/ofDI8NJK3gVBmhUlPzXAaVUWF1rUJEG",
  "1MgriHJJc8aFcvUSUXvQH9zC3yZP6LuYRdUv6SHlNkEU7qWF/YcMrejtDOEdXavdhyq7xSgsUB14PkU48ypBL7zWReGDvTWcficiS1fz",
  "vfo3tTjxn4IOMe28HN0lvMorsxo0qjazbKQ33QyGgibBwBVmMtJwxEHHDfgCnGXa73423NlYhWppSBqDXSHLmNqpEosYqIBZnoIbre59",
  "xBwhqL/Os9+mtZVh5Y2zEtcZ/PC0uatboqplCoMCGUluBret/Aa+Kj/Xthevkzr9stYL+NUQR8sK3go4NF5fZCkCguSt01DVNFhGjS3b",
  "ZlYJgCDTKLx43bngLAcEQYQY4ZoIUA/f3gQ1AWJe7M1rWIJIp+MDtJLpeQgUIVtjTIiNVlm90CFMLKh+gInGwcqUupLJuVCpHJdX69oX",
  "J1ndy6ccWm+b0tqZfSqqnYNFMWveK930Bb+7uIKqgjeBp6QtacGPMD9EY7/CBi6Vx0SlXOL76K+keJh2YIDl5LrpzdFOX5h/YwGy2dFF",
  "LvYAwg0WVEccEqIEJkoFE0LwEZvcTd95IN9oNeJP1xXq7uXU9En/fa/3Q2qI9EruuZmQrhv081CrEiEW1B8UKQEWKJ/uJS/pYHrb7vp5",
  "7jIx6ayKgU2qCiegpYleUiinlCJb6jWtfe9C4JdF+WUcX5/GONP0T9N+fwyNFRCUopAURNEf+OBMy397uQUFjcJ4659jrJ2juGbCzjgo",
  "kxXeGuxcFKtcQYEiHX1NmmuAl2Jq0UYFV/ZyQsUmftJJpXQGnRPtZKNxUVk8aFpfTg75QjxEyBRf5jOMMmDpIO2MWygcohOdMX5ZqRJL",
  "PjFP4+hsLbg2riO8VZTGrmnFpnm8X1J8gzV38amaT+iHabSct4p/cfwjP7/Takm0xjaOD6C7RXxoV1N53qKcAf649KupDVacQP4b5ouV",
  "VrNNp1g4MQje+GPQ8dkbLYdrwx5lTygsVdR/+hsKWcZupaJBAF5XT64eYFNcq0RUCC4RrPp+n7NpIYj8R1Nm9i6sw1qQv03lc+dNdROH",
  "u8NGo1dR3HZ5l0gAZhyJI/dbzp68VG0FPlNuBL0pKjQGrGIbhm/aQnrtnwKUxrgOI1A5krYYeSTh4GNIMywqvHn7PSleXkD2osEegUKK",
  "GIQAz83C50+lEqTA2brbMsE73SdR8jO9nxpkaE2YjFBu11q/9Hsr2Ne+XcBYM2xUxs5xZ3aBRrdodBzM0CkW1qObDrcdnoqKUiAhB4/T",
  "Hipib9i9RNu2brxnX5kaz/cYxc/j6iCOBJdHGHaWwAIrooAkRBnaBGorLhiU216VFCZpkTIs/bum9ESEpCM5urbxKx7sxciMH/5/omzO",
  "4rFlZmYJnlhPs/tyXIjjkxvme/18ViXaUxaTkn5b9oJQsJTKMKdKf8OcJtPMhsQfLByXs9fmuRgObgYAmJ5r3+M7eUI3VwkNtXtEJtXh",
  "UjhdZjSzRFemcYbs7Q/KLDHz+q4ouctC8CzZQtXIDYCtPdNpKm54xS7kUu8ri6Rpc4b3aJko30jlqNTktSE8aoOrMMUL1QbG0eTwcRPv",
  "whEwLJZyLKyQGL0Y0ItkxVNCTI+Ed5ZgZLcWaCT5ioa/PAjDKb0Oe1u2kpg4KWY7DmC6KPTJi7hYN/u9G8do71OHliZxFtO1cVGru9e7",
  "LsEtcu+xOIir8/46QgorJBfxCPpVURK8SfNMEb+F7uthFtdWaEiBHW9ooqAwjpZdtN6NgUB+p2OcT86kqx8a4+dwlXnBUU4bekNbUBfT",
  "/WXuMCTKyprsRXzDirNpqMhxFqczjnVGyoo09eznE1VDLRr5cSpWgAXZ1aG422Omb0sEFuLVJrPXeUBFVid66bH6ZFUQYF6hOU+OkasI",
  "lnMsIfLPG2UUD2Z/hPOFUwkJa0lV6ewMmHrpC3qoqs0D3u5Sm0CXq9dK7ynJ4vTOPgaO0CkFjPm4Us4R3hzl46JBnyTbunPCivJVQKtK",
  "Rv9dYgP5Vjh+dsFNRLF9zjYitzSEziU6MZ+BAy/URGuMhs5k5TpePHuE1YlgFYg0Qxp3Xs9afaoDTaQGQuGWUbJp2WGPZAryRz4ra6Pp",
  "/tYPa+Z1byjyBf/PrJfukN8M7wfnfnmkDQV/40D8rWruGTsZk7Fexvp3o2CvJcI6q+yg9u4ige1LurB15+k5VJ52N0Fm5SYGibAsIQIf",
  "kuA1dca6Y2Os3eHk5mjJnxG9/dTPeSHsrmICJMQx0j4yRCxPT4v6OjjU+2fakfHg58kKflmb+fDWyB4v6YxP3xFlV3NpuY+QoLbgvW7r",
  "R3BBwyMJLQ1kAXkiQb/kVB8yr7nkzQt5A0ZHYQ/ofKpdz5/fuKghmUcd9nyf45J/4vqw/OG6jD1iHp56+4uUI1/yxIfVycVn6A9hXhAl",
  "/PCJse4SGjgI/QMHpl9DrtLjahUsesQG+XJsg4Zy9bebUd1mQzmjEn799q/7fvtryo8ZVCBqT6T5Z/iy+89ZVigZ7m0Achwfep/14GMs",
  "XR/UUiVvDyUZdr14aVr4ZOaXfL1tiRzR+dmhcLXX5hJpS71KLNmlvWTHEzcENApMfaB3pGLfXCH+375QHQVhCW2SraLeIxUoEQDdsWda",
  "IVmFjI7h4GEbTq/g65qK9JqdWQ0FiVsqGcJJ2eEE16C4yLW/N2ufnaegD295XiaCagO/jv7hWXtLUdshAPl8A1+MmBvjCJhU5JAjlYj/",
  "+0frmqE+td9dOoZrm6aFrYRK/Av1Tf0q0zNR4A4tB7ikfE1Dn35gnJ40rhn3kvVW4JFQ6ikxH9Kq5/tLx4gQmvNC6plbAPQt+vxopFSX",
  "FVMmn3m25MQLXQK/ZtlbuPTmcY0C3obe2iUhHI0rnZTDFqMLDhiXV7M2REXqnMgZy6F/wEgM2vbEGuLYRWWThwPcPpLWApeZ3duGp7Mu",
  "Ax+v8I/ffoqv/XSFl6Xy0IE3kIWHrr3YDp3tCUDEo3n8l2k2clwp26YrzRY3itnMJqJ6YbL7r0CScqjNEl39UU7eIBIYjrVNuZOxMkOq",
  "zhNgr388zcRb2SGcJG83TZF66Ps1abbmjSG2ZO/8TKmANSjAFxkV/IV8OSWXaMA5TGenB3szuLR6pfBrqQmiUN6EttwIh+3rGMxAmeHq",
  "VEqTt6oBv2wfZ1ryltYqbKuADg8wgNobWYwIn/QJIfy0o/a9dv6we0X56brXgmnB2YO/TOwMZuEM/730nS1eoEAfcIBuTVZtxOxHCVcp",
  "3VVwy6DK9axuY5zh92gId7ro0uOHS0qFwh4DgT5lchlJNKqm3wQfE3iQ0Y/3PdKoKV+VjQ4JYA+UopSCbJytGt5r+7NIZLv6GOxwyWAD",
  "u+2VLIJ+NlodRmUxWwVbY1W2ZzaGI/vNsscziVgFYr4bKwRovE8jdPjOztPFE6V8mYtGQzWjDhcrpbFWvl2PMFrVdY9agdKt0J5pob+B",
  "AG6aUVIjyzXnMYMnOWMI8dzwY+seaPN1fvFwNXjxBBbryZ/f1dz+kIExcvamkyVZf2TZZ0asdmM14qIjoeq+ncfR8Z3iFYw72qjiuyMa",
  "17sMJu6T0Y3ua8Mw+TkJKe4h6OfuLcwg65M1Vnk2vtKTJ6Gh7hH1M6WLyF/PedUnZLqwUCgVtS/wj9GdNvAroDw/vWpni2bR3JbHovQO",
  "0kg/IgYV23UQQhUWVslxMm0KU7phHlt9NbOlqSWa4/i30IniBVtlk2UvT350cJH/tsLyLjxOK5Hbl+2qSdzqlDzg+MkkemssLS9Tcpkg",
  "3pII3/cNqvpVpVWnHoRfjW4KvR2ZV9ETkx5jL8GiMVrEhrG4Ofrva4ZZ+BptfqYy0vPWKdTguQX2c7yYbWTOT7LNZG5hlAohdq4ezzMV",
  "lpvFGqzKW4HIRZfqKzqa8iDyKgvhOzTKXsqWxDt2P40Wj+5KbbkH3j3QZghIHcOY0b8xnkP4T62oeVgkhfFL4Cy+ry3pS4vx/imreT7l",
  "PPOSFCzLWy9UKxNpEq48Li54JRCaBTHGVj8jcbLz7xgby4R6xdESfIRlvI1xbWb6dYyy2FQ9LT9nr2xTR22EZ6M/M1929PnY7MDe9VEv",
  "R/hqq9pt4OENvxis9SmJAstlDV7VlXLZGn54NWbMsbH82HqDKKKz92lNIXVKXL5HDAROIkztjyyk3QAt0YpIDgutDDTJMIn8c1akA9le",
  "aF81vEFozWui36fplxb2igGsoXk0o1VAzn4q2eGSHPKH1liBG84V3E+cztwwu/2ZiAMVutcDzLy0isPakOhi6tzHM3K/ZmpLOcjI1X8Z",
  "RpvrSbcyzIqsBvtcbrNYXnPya66u1XC9LHUp3SHttudZSUwhbT5RdJDoAirLKsXs4QslN9tWvw6/j4GwkkxppbPMQScjoFgnKP+EAguH",
  "0oaRXM+qWt0aLPKtVDjamrzBJnphydYdjPiWNIL2RtUrSkbXTXABY+OwZ3zZu4yjBxQmpgwuBflmduqcPCO+U8/9HKvT3ncxmN4CTesl",
  "/cC28kk1gkPvQgS3qCGyeiTBmZaeo23vYGPa9ROPbvcjcAGDxWC02ncld3ewWovgu0AjN5+a/ShlFEoe0SHJgrMtrh9d13SFCtm5ymTK",
  "VtVJJiS0YGsqvNtuALKwqPnfrjQL2uUN2f5yMVuOdAZrp0muG/1UIy1dWY8v0NGvvdWYwe5fNs2+B9nU9xLiypLIVj6sNQXvbL8r+1cG",
  "0JYhWjYZt1EWMtB+c++/0KsTmLMoFknUs3oVZTya/qzmBzjbHkJX9oKkbJS7fmLdxaDn/oYrMG8VJ47lRD0SuFuIRos1VSLjdCVjIJw/",
  "MtuCDMqj7IERXeipiXnPDu8YlewI0NGaKmfQwpGVcyhhD0Thb/ypH/cY+Q7DY2xKoy9DhrfIaVQipzhRLnLxCVqNMKmeutEZGRvkbdLh",
  "vrnndR4mFTHdp8ElZV51CItEHsapMXT1EMH3QMJfKKwjchUZs8hH6DYkQYoNtRhsMO+tfwlKzhr4KtL91vk7mbLwSXsxtKLk9tmigluK",
  "y8h9rWBb8d2BsvZAqmQiusd4GnnOyhV2Eq8aMxHN3bS+Ou66JYfhR95jNbbnIC+vl6Em7NiZnc6uzxVi3Ak0k8vG3yUiVpuMiqnN+ROX",
  "JbgzOrQ0h2DJq/KF83d6n4xv2BGLFWUT0pqyTORyHlHyuaq1uL9Hv59rgx+vVS3UQxJ5IVIdWLbv++GpTl8YimSBgn13a41qLsbV/ftp",
  "cpTwaaYvUe5fHEvW5V3YQg3mr3c46pOrorF+aCSdYKYeSwI90iVJ9K/ygbZc0/kBirAV5ycj3LCTmDEu3+7YKS80qrkbOOJvfsMlQMes",
  "gzkBpunDY1rSAV0O0QBG2e58uoBPjsfGF3hgz/oaKRCJ0ZBImNRRyWFTiElayq/Zqpjv+ygzMqF/Kstns8irGPd8wqu9wXnly2gptpe+",
  "eZhIxGt1R0w3JSwkgnPRrXVPUYr+doqypjJupyaZhULDJC5eF9UzazS+G2ctRT5bXMpJzAODeab4oF7LDQHm7hy7IGyEPND9cPXcKweL",
  "gBUqaoZ4U+7j+lpm6riq/nl9xovz4WqouHTCVKz5uEn04Pmud0XpNLl76eUeNkvSuCcw27C2TZir72KJ6LOBTWVqK2PBoMt+c2sIukk9",
  "3RC4YSdXAbrpNk5Oevq7tkZ5yANaP2Gs0kKOTXuuWWRX7re00XgNmvSGfD17RXvdKP6qgwY/bffife+6BSFGSVVdzvYsizvKzPg7p55H",
  "T+JLqXmfwUSy21JHzyZVt4iD7bvt/nGaUN2b3hJl5B89bURx7hqUSvVjmPp9vENwt+DIIkMvRC55hLXeELDC1/vWz0Y3kM+/cghZUK5U",
  "VavTE1H5i1JO444t8PORboueielPEQNDlhG/0eMUXve+r5anJV4951RlEpa2EyUpRSIGkbgM4276vaYfKDY6tcHYTYvjsfJKGd3hOEG0",
  "vB6yGSTUVwZzt9qaLIbKY3iRx1Av1ZXyIRFuoS74/eMt49GnjnQQMKH/1TmdfxaW/wvynwA2zv81/wn8yH/+Z2Dj+Lf5Twc7I1sWfX42",
  "xH/3QI8fgMjO+e8cGFhbWhpZ2fOb9JRYWFh/hEP/n/EvX++fXeNfhpoTCPyP89+sgP8p/8nJCQJ95D//Mzj8Vzfw4cOHDx8+fPjw4cOH",
  "Dx8+fPjw4cOHDx8+fPjw4cOHDx8+fPjf9t8AmUK68wBQAAA="
].join("");
var KNOWN_ANSWERS = [
  {
    name: "simple",
    digest: "sha256:73cb377cb5703f6d468c4564e498d2c94a6db15d7c225949b9178e66a9b6210b",
    images: {
      containerd: same("033d8b2fca5c398c5515d37ee7592089116bb17ed84b525059e7f75c2369a5a0"),
      "containerd-tar-index": same(
        "4daf4810ea7fcb49e055913115c2780bf41b093dcb83e6a7fc1e91eda7ba64de",
        "b2754c9f84373d74c2da4a63c1401022fa49ba446a3c3951eaefc8b5b61fe3cd"
      )
    },
    blob: [
      "H4sIAAAAAAAAA+3RMQrCQBAF0D1KTiC7Ycyex0JIERB0FY/vmsLCziJq8V7zYZr/Yebjspx27d7SdnI3RazZvWfOJacS+zFq",
      "zbHe6xRjGvKGm16ul3Y498pvdP2h+fn/4VZ+vQMAAAAAAAAAAIDPPAAzBXA5ACgAAA=="
    ].join("")
  },
  {
    name: "whiteouts",
    digest: "sha256:279526c06d4fe58425bd57c27c6cfa9a07435bca1bd5fdd8df90c3e3c90bab2b",
    images: {
      containerd: same("d83fa19ab0b685b10c1611c97c52015c393f6c94a6e5708e604c99464aeb4bb7"),
      "containerd-tar-index": same(
        "8feeffe003e01f0c2a9262ab235eaaeb5cd4f30f5ede5ab60e7456879d958ae4",
        "1b1bba33a7502be8f98bd8eddaa9db137790784847b271f800806a415a96ed41"
      )
    },
    blob: [
      "H4sIAAAAAAAAA+3UQQqDMBSEYY/iCayxecl5pA10Za2xev0mWbqxlCYV+n8gETcTGEY3X05VZm1gRdIZbM/0rrR02tpWp+9G",
      "TFfVkvti0dPP/RQiS2QdkAv9N+utGXvv12uejFiw0fr9/lWrja3qIp38ef9LPx1y/9ay/xJi/3H/6bmPjxwZH+xf5Mz+S4j9",
      "D25dVMaM/f7VZv/hb6Hov4Th1xcAAAAAAAAAAAAAAHzFC07vRs8AKAAA"
    ].join("")
  },
  {
    name: "modes",
    digest: "sha256:e78d07ab52e5fceb44804fa71339223fad31387db92596ae1245763cd2d7c93f",
    images: {
      containerd: {
        A: "87151b1dd8c81aa95c4d146812f8fdc4c0e42abb2c7c6d7996e48221b1e9ebd3",
        B: "615e534ba2c027dbc73a18d5e106538dd50b0b732c4dd9e0e856a732cb1ecb0f",
        C: "615e534ba2c027dbc73a18d5e106538dd50b0b732c4dd9e0e856a732cb1ecb0f",
        "1.8.6": "87151b1dd8c81aa95c4d146812f8fdc4c0e42abb2c7c6d7996e48221b1e9ebd3"
      },
      "containerd-tar-index": {
        A: "d0a1caa7ae6489f781701265199539d6af2002555d0a90ddb3f5422c9a306419",
        B: "5e8a63b1601dbf9af1d95bb68764ccbad0f16322635fec2db2f597700405d958",
        C: "5e8a63b1601dbf9af1d95bb68764ccbad0f16322635fec2db2f597700405d958",
        "1.8.6": "0015ad9968fd331361a02c224f83cc1de3f874a40537436286c4dac21e5daab9"
      }
    },
    blob: [
      "H4sIAAAAAAAAA+3YwWqDQBAGYM99Cp9AZ2Znd7wEeuwxr2BRglDbErXk8esGSjBJQ3vYXcH5LoIIM7j+7ugwfWEWGACwWOuP",
      "3vVxhhmyJRYBPp93jlyWQ+jGvGkY6+NcMkatFQq++GrVhkP4GnPA6Z/5N0Y0/zFQ6gZUUmP/WYau4QMuIg/yDzf7P3KW29CN",
      "eRvPf1EW5fO+Pr20ddMew9T4Zd0v60+0eBYAgWB+/5/CtLO08fXHKp+6ZkfIwpVx7J5Sd6Rieu0OXRO4hg+1Y77knhCsezT/",
      "CaDV+S8Gk7oBldTHW+j038n/ne+/xf4/X200/1Fw6gZUUquY/w3fzP9IOv/HQFXej13f7lB+7n+BZNg60S+BDXgfwtf4y/5/",
      "/f+XUff/GKL8Y1NKKaWUUkqtwjccC/agACgAAA=="
    ].join("")
  },
  {
    name: "xattrs",
    digest: "sha256:ba82abf687208d885ce4687fa26d57c54f2c6e0b46ffbb29511c607ec5411935",
    images: {
      containerd: {
        A: "0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718",
        B: "0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718",
        C: "8422fca0038c68ffc4c7fdb1513f85182b0266c3b8c5df5f5c1edb0bdcd56457",
        "1.8.6": "0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718"
      },
      "containerd-tar-index": {
        A: "804dedcc21f21cc470a5b6a8940c04f74acde6e49e200cdf44f028300eea9a19",
        B: "804dedcc21f21cc470a5b6a8940c04f74acde6e49e200cdf44f028300eea9a19",
        C: "47645e8fcabf1540b089d7b8c8e441ab67bf02ba192740c5acb35f4fd8b1adae",
        "1.8.6": "2b0f956350cda36f42abe37e5553afaf25e54d3ba877f6d2cab7aa7cce1d1eac"
      }
    },
    blob: XATTRS
  },
  {
    // Attributes of names without an index, such as `btrfs.compression`, which 1.8.6 omits, and one of nearly a
    // block: up to 1.8.5 the inodes have other places then.
    name: "prefixes",
    digest: "sha256:540a285fdd62b60db9d833820a19d4b1d760cad6ac19b7fbb59380d5705114ac",
    images: {
      containerd: {
        A: "cf537b1f1858b4cef09d2ef63d2849d385ca0db1e7356ee45086dda73451769f",
        B: "cf537b1f1858b4cef09d2ef63d2849d385ca0db1e7356ee45086dda73451769f",
        C: "cb7c5cf6263b94df00a61af5e2af22267c8323b50a1b34ccc602dcbe323b550c",
        "1.8.6": "d8fc45856fb3e38449dbc4604a6fb3bdd85562a4fdbf840b802c0b67cc15bc4e"
      },
      "containerd-tar-index": {
        A: "3d0eaea412ae87c6b0ba19efa9ac4ed52c73e3c746f861885d73430a51dc6396",
        B: "3d0eaea412ae87c6b0ba19efa9ac4ed52c73e3c746f861885d73430a51dc6396",
        C: "8c06265b679d6786d8fdb956985bc722b0ae37b748fd411f5c9877c9d1c0c92d",
        "1.8.6": "8fdd37b4f2407b7ebd5ff1254aa3b1d00b9d7972d60f455f13ebe259564b734b"
      }
    },
    blob: [
      "H4sIAAAAAAAC/+3au26DMBQGYOY8RZ7AHBvbpANSpapSK3Xr1BESV4maArKdhvTpK7I0gV6GlkuS/1uIkiFC5pwffGAhC69vK29ytyryoBNERF",
      "rK/ZGImkciGX9+rr/nXFMcTKugBxvnUxsQ/cdJHp7ciYiupo83d/cPT6xKvbdsXryytCzXhpW2eDN5ms9NwicBnCfj52HX/1HXQ6zU9/VPFHCp",
      "hIxjkvv6JxIimCrUf+cY+j/6/0H/z7x9dnUKlNa4+pJI3p1foP+fc/8vctN5//+x/kk2+78SFEwJ9d+5Ijco7gs2ivzX7fznHPnfS/7Tcf5vnL",
      "HsxZQ+2Rk3Eer418IvjU3yAi3jnPLfb4vR5b9C/vfCb1HMyP+B8z/S7ed/hfwfPv9RHxeR/0trutwB+D3/dSP/OSH/e8r/eu1R58j/4fI/jrRq",
      "5b/A838/+T8TjQmAtxvnzYKlSQUAAAAAAABwwrDddbj9YUf5/q8mvP/b1/pnqzwc2frrCOvf6/q75ZDzn+b6c64izH8uZf7PhWzP/yPs//dhJr",
      "+Y/2fJ7g9we3Vi93/rVTa6/Bca+Q8AAAAAAAAAAADwFx9ZrdiZAFAAAA=="
    ].join("")
  }
];

// builtin-load:load of mkfs
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of mkfs
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var randomUUID = /* @__PURE__ */ one("randomUUID");
var hash = /* @__PURE__ */ one("hash");

// builtin:node:fs/promises of mkfs
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var open = /* @__PURE__ */ one2("open");
var rm = /* @__PURE__ */ one2("rm");
var stat = /* @__PURE__ */ one2("stat");
var readFile = /* @__PURE__ */ one2("readFile");

// builtin:node:zlib of mkfs
var found3;
var all3 = () => found3 ??= load("node:zlib");
var gunzipSync = (...given) => all3().gunzipSync(...given);

// builtin:node:os of mkfs
var found4;
var all4 = () => found4 ??= load("node:os");
var one3 = (name) => all4()[name];
var availableParallelism = /* @__PURE__ */ one3("availableParallelism");
var release = /* @__PURE__ */ one3("release");
var constants = /* @__PURE__ */ one3("constants");

// src/lib/process/confinement/limits.ts
function prlimit(limits, level) {
  const { memory, addressSpace, processorSeconds, fileSize, processes } = limits;
  return [
    "prlimit",
    "--core=0",
    `--data=${memory}`,
    `--as=${addressSpace}`,
    // SIGXCPU first: it tells why the program ended.
    `--cpu=${processorSeconds}:${processorSeconds + 1}`,
    `--fsize=${fileSize}`,
    ...countsProcesses(level) ? [`--nproc=${processes}`] : [],
    "--"
  ];
}
function countsProcesses({ namespaces, nobody }, kernel = release()) {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  return (namespaces === "mapped" || nobody) && (major > 5 || major === 5 && minor >= 14);
}

// src/lib/process/confinement/describe.ts
function describeConfinement(level, privilege, limits) {
  const { namespaces, view, nobody, unprivileged, limited } = level;
  const separate = namespaces !== "none";
  const { memory, processorSeconds, fileSize, processes } = limits;
  const counted = countsProcesses(level) ? { processes } : {};
  return {
    noNewPrivileges: unprivileged,
    capabilities: capabilitiesOf(unprivileged, !separate && privilege === "sudo"),
    network: !separate,
    pidNamespace: separate,
    filesystem: view === "own" ? "own view" : "whole",
    user: nobody ? "nobody" : "caller",
    ...limited ? { limits: { memory, processorSeconds, fileSize, ...counted } } : {}
  };
}
function capabilitiesOf(unprivileged, needsAccess) {
  if (!unprivileged) return "all";
  return needsAccess ? "dac_override" : "none";
}

// builtin:node:path of mkfs
var found5;
var all5 = () => found5 ??= load("node:path");
var one4 = (name) => all5()[name];
var resolve = /* @__PURE__ */ one4("resolve");
var join = /* @__PURE__ */ one4("join");
var basename = /* @__PURE__ */ one4("basename");
var sep = /* @__PURE__ */ one4("sep");

// src/lib/process/confinement/level.ts
function inNamespaces(some) {
  return [true, false].flatMap(
    (limited) => ["own", "whole"].flatMap(
      (view) => some.map((namespaces) => ({ ...namespaces, view, limited, unprivileged: true }))
    )
  );
}
var DIRECT = inNamespaces([
  { namespaces: "direct", nobody: true },
  { namespaces: "direct", nobody: false }
]);
var MAPPED = inNamespaces([{ namespaces: "mapped", nobody: false }]);
var NONE = [
  { unprivileged: true, limited: true },
  { unprivileged: true, limited: false },
  { unprivileged: false, limited: true },
  { unprivileged: false, limited: false }
].map((level) => ({ ...level, namespaces: "none", view: "whole", nobody: false }));
function levelsOf(privilege) {
  return privilege === "user-namespace" ? [...MAPPED, ...NONE] : [...DIRECT, ...MAPPED, ...NONE];
}

// builtin:node:fs of mkfs
var found6;
var all6 = () => found6 ??= load("node:fs");
var one5 = (name) => all6()[name];
var accessSync = /* @__PURE__ */ one5("accessSync");
var chmodSync = /* @__PURE__ */ one5("chmodSync");
var closeSync = /* @__PURE__ */ one5("closeSync");
var lstatSync = /* @__PURE__ */ one5("lstatSync");
var mkdirSync = /* @__PURE__ */ one5("mkdirSync");
var openSync = /* @__PURE__ */ one5("openSync");
var readSync = /* @__PURE__ */ one5("readSync");
var realpathSync = /* @__PURE__ */ one5("realpathSync");
var statSync = /* @__PURE__ */ one5("statSync");
var constants2 = /* @__PURE__ */ one5("constants");

// src/lib/process/find-program.ts
function findProgram(name, folders) {
  return folders.map((folder) => resolve(join(folder, name))).find(isProgram);
}
function programFolders() {
  return [...pathFolders(), ...pathFolders(fixedEnvironment().PATH)];
}
function isProgram(path) {
  try {
    accessSync(path, constants2.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// src/lib/process/privilege.ts
var PROBE_TIMEOUT = 1e4;
var AS_MAPPED_ROOT = ["unshare", "--map-root-user", "--"];
var GRACE = 2;
async function findPrivilege(signal) {
  const refused = [];
  for (const privilege of ["root", "user-namespace", "sudo"]) {
    const reason = await whyNot(privilege, signal);
    if (reason === void 0) return privilege;
    refused.push(reason);
  }
  throw new VeritySignError(
    "environment",
    `mkfs.erofs must run as uid 0, as on the node: the owner of the root directory changes every root hash (${refused.join("; ")})`,
    { remedy: "Run as root, allow unprivileged user namespaces, or allow sudo without a password" }
  );
}
async function hasSudo(signal) {
  return await whyNot("sudo", signal) === void 0;
}
function argvBySudo(argv, env, timeout) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const limit = ["timeout", `--kill-after=${GRACE}`, `${Math.ceil(timeout / 1e3)}`];
  return ["sudo", "-n", "--", "env", "-i", ...variables, ...limit, ...argv];
}
function endAsRoot(pid) {
  void run(["sudo", "-n", "--", "kill", "-TERM", `${pid}`], {
    env: fixedEnvironment(),
    timeout: PROBE_TIMEOUT
  }).catch(() => void 0);
}
async function removeAsRoot(folder) {
  const env = fixedEnvironment();
  const argv = argvBySudo(["rm", "-rf", "--one-file-system", "--", folder], env, PROBE_TIMEOUT);
  await run(argv, { env, timeout: PROBE_TIMEOUT });
}
function whyNotRoot() {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === 0 && gid === 0 ? void 0 : `the user is uid ${uid}, gid ${gid}`;
}
async function whyNot(privilege, signal) {
  if (privilege === "root") return whyNotRoot();
  const env = fixedEnvironment();
  try {
    for (const option of ["-u", "-g"]) {
      const id = ["id", option];
      const argv = privilege === "sudo" ? argvBySudo(id, env, PROBE_TIMEOUT) : [...AS_MAPPED_ROOT, ...id];
      const options = { env, timeout: PROBE_TIMEOUT, ...signal === void 0 ? {} : { signal } };
      const printed = (await run(argv, options)).stdout.toString().trim();
      if (printed !== "0") return `${privilege}: id ${option} prints ${printed}`;
    }
    return void 0;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const detail = error.message.replaceAll(/\s*\n\s*/g, " ").slice(0, 200);
    return privilege === "user-namespace" ? `no user namespace: ${detail}` : `${privilege}: ${detail}`;
  }
}

// src/lib/process/confinement/view.ts
var SYSTEM = [
  ...["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"],
  ...["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"],
  ...["/usr/local/bin", "/usr/local/sbin", "/usr/local/lib", "/usr/local/lib64"],
  ...["/nix/store", "/gnu/store", "/etc/alternatives"]
];
var DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];
var LOADER_CACHE = "/etc/ld.so.cache";
var PLACE = "/run/confined";
var TEMPORARY = join(PLACE, "tmp");
function viewOf({ root, temporary, shown, system }) {
  const found7 = system ? SYSTEM.map((path) => ({ path, kind: kindOf(path) })) : [];
  const folders = found7.filter(({ kind }) => kind === "folder").map(({ path }) => path);
  const links = found7.filter(({ kind }) => kind === "link").map(({ path }) => path);
  const cache = system && kindOf(LOADER_CACHE) === "file" ? [LOADER_CACHE] : [];
  const devices = system ? DEVICES : [];
  const own = shown.map(({ path, name, writable }) => ({ path, at: join(PLACE, name), writable }));
  const mounts = [
    ...[...folders, ...cache].map((path) => entry(path, root + path, "ro,nosuid,nodev")),
    ...devices.map((path) => entry(path, root + path, "nosuid,noexec")),
    ...own.map(
      ({ path, at, writable }) => entry(path, root + at, writable ? "nosuid,nodev,noexec" : "ro,nosuid,nodev")
    ),
    entry(temporary, root + TEMPORARY, "nosuid,nodev,noexec"),
    // Whoever is in a changed root can create no user namespace, and so gain no capabilities there.
    system ? entry(root, `${root}/jail`, "ro,nosuid,nodev", "rbind") : entry(`${root}/run`, "/run", "ro,nosuid,nodev", "rbind")
  ];
  return {
    folders: [...folders, TEMPORARY, ...system ? ["/dev", "/etc", "/jail", "/usr"] : []].map(relative),
    files: [...cache, ...own.map(({ at }) => at), ...devices].map(relative),
    links,
    table: `${mounts.join("\n")}
`
  };
}
function isSystemProgram(path) {
  return [path, realpathSync(path)].every((one6) => SYSTEM.some((folder) => one6.startsWith(folder + sep)));
}
function kindOf(path) {
  const stat2 = lstatSync(path, { throwIfNoEntry: false });
  if (stat2?.isSymbolicLink()) return "link";
  if (stat2?.isDirectory()) return "folder";
  return stat2?.isFile() ? "file" : void 0;
}
function relative(path) {
  return path.slice(1);
}
function entry(source, target, options, bind = "bind") {
  return `${escaped(source)} ${escaped(target)} none ${bind},${options} 0 0`;
}
function escaped(path) {
  return [...Buffer.from(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w/.-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}

// src/lib/process/confinement/command.ts
var NOBODY = 65534;
function confine(request, level, privilege) {
  const { program, output = "", inputs, root, temporary, limits } = request;
  const limit = level.limited ? prlimit(limits, level) : [];
  const map = privilege === "user-namespace" ? AS_MAPPED_ROOT : [];
  if (level.namespaces === "none") {
    const drop = !level.unprivileged ? [] : privilege === "sudo" ? dropped("-all,+dac_override") : [...dropped().slice(0, -1), ENDS_WITH_CALLER, "--"];
    return { command: [...map, ...drop, ...limit, program], output, inputs: [...inputs], temporary };
  }
  const own = level.view === "own";
  const alias = own && !isSystemProgram(program) ? [{ path: program, name: "program", writable: false }] : [];
  const shown = [
    ...alias,
    ...output === "" ? [] : [{ path: output, name: basename(output), writable: true }],
    ...inputs.map((path, index) => ({ path, name: `input-${index}`, writable: false }))
  ];
  const view = viewOf({ root, temporary, shown, system: own });
  const chain = [
    ...level.nobody ? asNobody() : [],
    ...own ? ["chroot", "."] : [],
    ...dropped(),
    ...limit,
    alias.length === 0 ? program : join(PLACE, "program")
  ];
  return {
    command: [
      // If this process dies, so does the command.
      ...privilege === "sudo" ? [] : ["setpriv", ENDS_WITH_CALLER, "--"],
      ...["unshare", ...level.namespaces === "mapped" ? ["--map-root-user"] : []],
      ...["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts", "--"],
      ...["sh", "-c", assemble(view, own), "sh", root, view.table, ...chain]
    ],
    output: output === "" ? "" : join(PLACE, basename(output)),
    inputs: inputs.map((_, index) => join(PLACE, `input-${index}`)),
    temporary: TEMPORARY
  };
}
var ENDS_WITH_CALLER = "--pdeathsig=KILL";
function dropped(bounding = "-all") {
  const sets = ["--inh-caps=-all", "--ambient-caps=-all", `--bounding-set=${bounding}`];
  return ["setpriv", "--no-new-privs", ...sets, "--"];
}
function asNobody() {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const creates = ["--inh-caps=+sys_admin", "--ambient-caps=+sys_admin"];
  return ["setpriv", ...user, ...creates, "--", "unshare", "--user", "--map-root-user", "--"];
}
function assemble({ folders, files, links }, own) {
  return [
    "set -e",
    "umask 022",
    "root=$1 table=$2",
    "shift 2",
    'mount -n -t tmpfs -o mode=0755,size=1m,nosuid,nodev none "$root"',
    'cd "$root"',
    `mkdir -p ${folders.join(" ")}`,
    ...files.map((path) => `: >${quoted(path)}`),
    ...links.length === 0 ? [] : [`cp -P --parents ${links.join(" ")} .`],
    'printf %s "$table" >table',
    "mount -n -a -T table",
    // If memory gets scarce on the machine, this program goes first.
    "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || :",
    // The processes of the machine stay hidden.
    own ? "cd jail" : "mount -n -t proc proc /proc 2>/dev/null || mount -n -t tmpfs -o size=4k none /proc",
    "set +e",
    // Only root may kill a child of sudo; see `argvBySudo`.
    "trap 'exit 143' TERM",
    '"$@"',
    "exit $?"
  ].join("\n");
}
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// src/tools/mkfs-limits.ts
var MIB = 2 ** 20;
var BASE_MEMORY = 160 * MIB;
var MEMORY_PER_BYTE = 8;
var COUNTED_SIZE = 128 * MIB;
var COMPRESSION_MEMORY = 128 * MIB;
var RESERVED = 512 * MIB;
var RESERVED_PER_THREAD = 80 * MIB;
var BASE_TIME = 1 / 40;
var TIME_PER_MIB = 1 / 300;
var LEAST_TIME = 2;
var SPARSE_SIZE = 4 * 2 ** 40;
var OTHER_PROCESSES = 8;
function mkfsLimits({ blobSize, timeout, maxTarSize, compresses }) {
  const threads = compresses ? availableParallelism() : 0;
  const memory = BASE_MEMORY + MEMORY_PER_BYTE * Math.min(blobSize, COUNTED_SIZE) + threads * COMPRESSION_MEMORY;
  const seconds = timeout / 1e3 * (BASE_TIME + blobSize / MIB * TIME_PER_MIB);
  return {
    memory,
    addressSpace: memory + RESERVED + (threads + 2) * RESERVED_PER_THREAD,
    processorSeconds: Math.max(
      LEAST_TIME,
      Math.ceil(compresses ? timeout / 1e3 : Math.min(seconds, timeout / 1e3))
    ),
    fileSize: SPARSE_SIZE + maxTarSize,
    processes: OTHER_PROCESSES + threads
  };
}

// src/tools/run-mkfs.ts
var READS = /^--(?:file-contexts|compress-hints)=(\/.+)$/;
function outputMode({ privilege, level }) {
  return level.nobody || privilege === "sudo" ? 390 : 384;
}
async function runMkfs(program, request) {
  const { privilege, level } = program;
  const { folder, name, timeout, signal, tarFd } = request;
  const own = join(folder, `${name}.run`);
  const [root, temporary] = [join(own, "view"), join(own, "tmp")];
  mkdirSync(own, { mode: 448 });
  for (const path of [own, root, temporary]) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, path === temporary && outputMode(program) === 390 ? 455 : 448);
  }
  const read = (word) => READS.exec(word)?.slice(1) ?? [];
  const confined = confine(
    {
      program: program.path,
      output: request.output,
      inputs: request.args.flatMap(read),
      root,
      temporary,
      limits: request.limits ?? mkfsLimits({ blobSize: 0, timeout, maxTarSize: 0, compresses: false })
    },
    level,
    privilege
  );
  const args = request.args.map((word) => {
    const [path] = read(word);
    return path === void 0 ? word : word.replace(path, confined.inputs.shift() ?? path);
  });
  const env = { ...fixedEnvironment(), TMPDIR: confined.temporary };
  const argv = [...confined.command, ...args, ...confined.output === "" ? [] : [confined.output]];
  try {
    const { stdout } = await run(privilege === "sudo" ? argvBySudo(argv, env, timeout) : argv, {
      env,
      name: program.path,
      cwd: folder,
      ...tarFd === void 0 ? {} : { stdinFd: tarFd },
      timeout,
      maxOutput: 1024 * 1024,
      ...signal === void 0 ? {} : { signal },
      ...privilege === "sudo" ? { killGroup: endAsRoot } : {}
    });
    return stdout.toString();
  } finally {
    await remove(own, privilege);
  }
}
async function remove(folder, privilege) {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (privilege !== "sudo") throw error;
    await removeAsRoot(folder);
  }
}

// src/tools/mkfs-erofs.ts
var INSTALL = `Omit builder: mkfs, or install erofs-utils 1.9.4 (or ${SUPPORTED_EROFS_UTILS}), or set mkfs-path to another mkfs.erofs`;
var VERSION_TIMEOUT = 1e4;
var UnsupportedMkfsError = class extends VeritySignError {
  constructor(message) {
    super("environment", message, { remedy: INSTALL });
  }
};
function locateMkfs(path) {
  const found7 = path === void 0 ? search() : resolve(path);
  if (found7 !== void 0 && isProgram(found7)) return found7;
  const what = path === void 0 ? "mkfs.erofs is not installed" : `${found7} is not an executable file`;
  throw new VeritySignError("environment", what, { remedy: INSTALL });
}
async function measureMkfs(path, folder, signal) {
  const privilege = await findPrivilege(signal);
  const found7 = await measure(path, privilege, folder, signal);
  if (privilege !== "user-namespace" || found7.level.namespaces !== "none" || !await hasSudo(signal))
    return found7;
  const bySudo = await measure(path, "sudo", folder, signal);
  return bySudo.level.namespaces === "none" ? found7 : bySudo;
}
async function measure(path, privilege, folder, signal) {
  let failure;
  for (const level of levelsOf(privilege)) {
    try {
      const program = { path, privilege, level };
      return { ...program, version: await askVersion(program, folder, signal) };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failure = error;
      if (error.timedOut || isTooOld(error)) break;
    }
  }
  if (!(failure instanceof ToolError)) throw failure;
  if (isTooOld(failure)) throw new UnsupportedMkfsError(`${path} is too old: it has no option --version`);
  const what = `${path} --version failed (${failure.message})`;
  throw new VeritySignError("environment", what, { remedy: INSTALL, cause: failure });
}
function parseMkfsVersion(text) {
  const [line = ""] = text.split("\n", 1);
  return /^mkfs\.erofs \(erofs-utils\) v?(\d+\.\d+\S*)\s*$/.exec(line)?.[1];
}
function refuseOldVersion(version) {
  const reason = unsupportedErofsUtils(version);
  if (reason === void 0) return;
  const what = reason === "too-old" ? `mkfs.erofs ${version} is too old: 1.8.6, and releases from ${OLDEST_EROFS_UTILS} on, are supported` : "mkfs.erofs 1.9.0 produces images that differ from those of every other release";
  throw new UnsupportedMkfsError(what);
}
async function askVersion(program, folder, signal) {
  const text = await runMkfs(program, {
    args: ["--version"],
    folder,
    name: "version",
    timeout: VERSION_TIMEOUT,
    ...signal === void 0 ? {} : { signal }
  });
  const version = parseMkfsVersion(text);
  if (version !== void 0) return version;
  const what = `${program.path} --version does not print a version of erofs-utils`;
  throw new VeritySignError("environment", what, { remedy: INSTALL });
}
function isTooOld({ stderr }) {
  return /unrecognized option:? .*--version/.test(stderr);
}
function search() {
  return findProgram("mkfs.erofs", programFolders());
}

// src/lib/process/named-pipe.ts
var AT_ONCE = 8;
var DRAIN_INTERVAL = 5;
var MAX_READS = 64;
var DRAINED = Buffer.alloc(64 * 1024);
var NamedPipe = class {
  #path;
  /** File descriptor for the child; see `closeReadEnd`. */
  readEnd;
  writeEnd;
  #closed = false;
  /** @param path of a named pipe that has no other user */
  constructor(path) {
    this.#path = path;
    const opened = [];
    const open2 = (flags) => {
      const fd = openSync(path, flags);
      opened.push(fd);
      return fd;
    };
    try {
      const both = open2(constants2.O_RDWR);
      this.readEnd = open2(constants2.O_RDONLY);
      this.writeEnd = open2(constants2.O_WRONLY);
      closeSync(both);
    } catch (error) {
      for (const fd of opened) closeSync(fd);
      throw error;
    }
  }
  /** The child has its own copy. When that is closed too, writing fails instead of waiting for ever. */
  closeReadEnd() {
    closeSync(this.readEnd);
  }
  /**
   * Reads and drops what is written, until the pipe is closed. Called when the child has ended: its own
   * children may hold the pipe open, and a thread that writes would wait for them. The pipe is opened
   * anew for each read, so that writing fails as soon as no other process reads. This runs on the event
   * loop because all threads of the thread pool may be writing.
   */
  drain() {
    if (this.#closed) return;
    try {
      readAll(this.#path);
    } catch {
    }
    setTimeout(() => this.drain(), DRAIN_INTERVAL).unref();
  }
  /** Ends the child's input. No write may be running. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.writeEnd);
    await rm(this.#path, { force: true });
  }
};
function readAll(path) {
  const fd = openSync(path, constants2.O_RDONLY | constants2.O_NONBLOCK);
  try {
    for (let reads = 0; reads < MAX_READS; reads++) if (readSync(fd, DRAINED) === 0) return;
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
  } finally {
    closeSync(fd);
  }
}
var PipeStock = class {
  #folder;
  #ready = Promise.resolve([]);
  constructor(folder) {
    this.#folder = folder;
  }
  /** A new pipe, opened. */
  async take() {
    const taken = this.#ready.then(async (paths) => {
      const [path2, ...rest] = paths.length > 0 ? paths : await make(this.#folder);
      return { path: path2, rest };
    });
    this.#ready = taken.then(
      ({ rest }) => rest,
      () => []
    );
    const { path } = await taken;
    if (path === void 0) throw new RangeError("no pipe was created");
    return new NamedPipe(path);
  }
};
async function make(folder) {
  const paths = Array.from({ length: AT_ONCE }, () => join(folder, `pipe-${randomUUID()}`));
  try {
    await run(["mkfifo", "-m", "600", ...paths], { env: fixedEnvironment(), timeout: 1e4 });
    return paths;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new VeritySignError("environment", `cannot create a named pipe (${error.message})`, {
      remedy: "Set temp-dir to a folder on a Linux file system, and install coreutils",
      cause: error
    });
  }
}

// src/convert/erofs/mkfs/mkfs-errors.ts
var TAR_ERRORS = {
  2: "a hard link whose target is missing or comes later",
  5: "a bad or cut header, PAX record or file",
  21: "a hard link to a directory or to the root",
  36: "a name of more than 255 bytes",
  74: "a header with a wrong checksum",
  117: "a negative or absurd value in a header"
};
var NOT_A_DIRECTORY = 20;
var NO_MEMORY = 12;
var NO_SPACE = 28;
function explainFailure(error, timeout, limits, version) {
  if (isNoSpace(error)) return diskFull(error);
  if (isSystemLimit(error)) return new SystemLimitError("no more files can be opened", error);
  if (!(error instanceof ToolError)) return error;
  const { stderr, killedBy, exitCode, timedOut } = error;
  if (timedOut || exitCode === 124) {
    return new VeritySignError("environment", `mkfs.erofs did not finish within ${timeout / 1e3} s`, {
      remedy: "Raise timeout, or check what mkfs.erofs is waiting for",
      cause: error
    });
  }
  const signal = killedBy ?? signalOf(exitCode);
  const number = Number(/\[Error (\d+)\]/.exec(stderr)?.[1]);
  if (limits !== void 0 && signal === "SIGXCPU") {
    return beyondLimit(`${limits.processorSeconds} s of processor time`, "raise timeout", error);
  }
  if (limits !== void 0 && signal === void 0 && number === NO_MEMORY) {
    return beyondLimit(`${Math.floor(limits.memory / 2 ** 20)} MiB of memory`, void 0, error);
  }
  if (signal !== void 0) {
    return new VeritySignError("environment", `mkfs.erofs crashed on this layer (${signal})`, {
      remedy: crashRemedy(signal, version),
      cause: error
    });
  }
  if (number === NO_SPACE || /No space left on device/.test(stderr)) return diskFull(error);
  if (version !== void 0 && /failed to read header block/.test(stderr) && needsEndMarker(version)) {
    const what = `mkfs.erofs ${version} cannot unpack this layer: the end-of-archive marker is missing or cut`;
    return new VeritySignError("image", what, { remedy: LATER_RELEASE, cause: error });
  }
  if (number === NOT_A_DIRECTORY) {
    const what = "EROFS cannot take this layer: a path goes through a symbolic link or another file that is not a directory; or the layer's tar is malformed: an opaque marker at the root";
    return new VeritySignError("image", what, { remedy: REAL_PATHS, cause: error });
  }
  const reason = TAR_ERRORS[number];
  if (reason !== void 0) {
    const detail = /<E> erofs: ([^\t\n][^\n]*)/.exec(stderr)?.[1];
    const said = detail === void 0 ? "" : `; mkfs.erofs says: ${detail.trim()}`;
    return new VeritySignError("image", `the layer's tar is malformed: ${reason}${said}`, {
      remedy: "Build this layer again; no node can unpack it into EROFS either",
      cause: error
    });
  }
  const compressor = /Cannot find a valid compressor (\S+)/.exec(stderr)?.[1];
  if (compressor !== void 0) {
    return new VeritySignError(
      "environment",
      `mkfs-options: this mkfs.erofs has no compressor ${compressor}`,
      {
        remedy: "Set mkfs-path to the mkfs.erofs that makes the images on the nodes or in the cache; one that the Action builds has deflate only",
        cause: error
      }
    );
  }
  if (/unrecognized option|invalid option|option .* requires|invalid (extended )?option/i.test(stderr)) {
    return new VeritySignError("usage", `mkfs.erofs does not support mkfs-options (${firstLine(stderr)})`, {
      remedy: "Check mkfs-options against the node's configuration and the version of erofs-utils",
      cause: error
    });
  }
  return new VeritySignError("environment", error.message, {
    remedy: "Check that this mkfs.erofs works and that the temporary folder is writable",
    cause: error
  });
}
var LATER_RELEASE = "Nodes with this release cannot unpack the layer either; 1.9.1 and later can: update erofs-utils on the nodes and here, or build the layer again";
function needsEndMarker(version) {
  return compareVersions(version, "1.9") < 0;
}
function crashRemedy(signal, version) {
  if (signal === "SIGKILL") return "Check the free memory, and who else ends processes on this machine";
  return version !== void 0 && needsEndMarker(version) ? `${LATER_RELEASE} without what makes this release crash, such as an entry named /` : "Nodes with this release cannot unpack the layer either: build it again another way, and report it to the erofs-utils project";
}
function signalOf(exitCode) {
  if (exitCode === void 0 || exitCode <= 128) return void 0;
  const found7 = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return found7?.[0] ?? `signal ${exitCode - 128}`;
}
function beyondLimit(what, remedy, cause) {
  const native = "Build the layer with fewer files and folders, or set builder to native";
  return new VeritySignError("environment", `mkfs.erofs needs more than ${what} for this layer`, {
    remedy: remedy === void 0 ? native : `${native}, or ${remedy}`,
    cause
  });
}
function isNoSpace(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
}
function diskFull(cause) {
  return new VeritySignError("environment", "the temporary folder has no space left", {
    remedy: "Free some space, or set temp-dir to a larger folder",
    cause
  });
}
function firstLine(text) {
  return text.trim().split("\n", 1)[0] ?? "";
}

// src/convert/erofs/mkfs/mkfs-builder.ts
var MkfsBuilder = class {
  program;
  #version;
  /** Pipes by folder. */
  #pipes = /* @__PURE__ */ new Map();
  /** @param version for messages */
  constructor(program, version) {
    this.program = program;
    this.#version = version;
  }
  async start(request) {
    const path = join(request.folder, `${request.name}.erofs`);
    const tarPath = PROFILES[request.profile].appendsTar ? `${path}.tar` : void 0;
    const paths = tarPath === void 0 ? [path] : [path, tarPath];
    let copy;
    let pipe;
    try {
      request.signal?.throwIfAborted();
      await (await create(path, outputMode(this.program))).close();
      if (tarPath !== void 0) copy = await create(tarPath, 384);
      pipe = await this.#pipesOf(request.folder).take();
    } catch (error) {
      await copy?.close();
      await removeAll(paths);
      throw explainFailure(error, request.timeout);
    }
    return new MkfsBuild(this.program, this.#version, request, paths, pipe, copy);
  }
  #pipesOf(folder) {
    const stock = this.#pipes.get(folder) ?? new PipeStock(folder);
    this.#pipes.set(folder, stock);
    return stock;
  }
};
var MkfsBuild = class {
  sinks;
  failure;
  #request;
  /** The image's parts, in order. */
  #paths;
  #pipe;
  #copy;
  #stop = new AbortController();
  #ended;
  constructor(program, version, request, paths, pipe, copy) {
    this.#request = request;
    this.#paths = paths;
    this.#pipe = pipe;
    this.#copy = copy;
    this.sinks = copy === void 0 ? [pipe.writeEnd] : [pipe.writeEnd, copy.fd];
    const signals = [this.#stop.signal, ...request.signal === void 0 ? [] : [request.signal]];
    const compresses = compressionIn(request.mkfsOptions) !== void 0;
    const limits = mkfsLimits({ ...request, compresses });
    const ended = runMkfs(program, {
      args: mkfsArguments(request.profile, request.mkfsOptions, request.uuid),
      output: paths[0] ?? "",
      tarFd: pipe.readEnd,
      folder: request.folder,
      name: request.name,
      timeout: request.timeout,
      limits,
      signal: AbortSignal.any(signals)
    });
    this.#ended = ended.then(
      () => void 0,
      (error) => {
        throw explainFailure(error, request.timeout, limits, version);
      }
    ).finally(() => pipe.drain());
    pipe.closeReadEnd();
    this.failure = this.#ended.then(() => new Promise(() => void 0));
    this.failure.catch(() => void 0);
  }
  async finish() {
    try {
      await this.#close();
      await this.#ended;
      const files = await Promise.all(this.#paths.map(fileOf));
      checkImage(files[0]?.size ?? 0);
      return { files, size: files.reduce((sum, { size }) => sum + size, 0), uuid: this.#request.uuid };
    } catch (error) {
      await removeAll(this.#paths);
      throw error;
    }
  }
  stop() {
    this.#stop.abort();
  }
  async abort() {
    this.stop();
    await this.#ended.catch(() => void 0);
    await this.#close();
    await removeAll(this.#paths);
  }
  async #close() {
    await Promise.all([this.#pipe.close(), this.#copy?.close()]);
  }
};
async function create(path, mode) {
  const handle = await open(path, "wx+", mode);
  await handle.chmod(mode);
  return handle;
}
async function removeAll(paths) {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
async function fileOf(path) {
  return { path, size: (await stat(path)).size };
}
function checkImage(size) {
  if (size > 0 && size % 512 === 0) return;
  const what = size === 0 ? "no image" : `an image of ${size} bytes, which is not a multiple of 512`;
  throw new VeritySignError("environment", `mkfs.erofs exited with status 0 but wrote ${what}`, {
    remedy: "Check that mkfs-path is a real mkfs.erofs"
  });
}

// src/convert/erofs/mkfs/known-answer.ts
var TEST_PROFILES = ["containerd", "containerd-tar-index"];
var TIMEOUT = 3e4;
var MAX_TAR_SIZE = 64 * 1024;
var OTHER_MKFS = "Use mkfs.erofs of erofs-utils 1.8.6, 1.8.10 or 1.9.1 to 1.9.4 as its project builds it (set mkfs-path)";
async function startMkfsBuilder(options) {
  const wanted = parseWanted(options.wanted);
  const path = locateMkfs(options.mkfsPath);
  const { version, ...program } = await measureMkfs(path, options.tempFolder, options.signal);
  const builder = new MkfsBuilder(program, version);
  const stopped = new AbortController();
  const signals = [stopped.signal, ...options.signal === void 0 ? [] : [options.signal]];
  const info = testBuilder(builder, version, wanted, { ...options, signal: AbortSignal.any(signals) });
  const over = info.then(
    () => void 0,
    () => void 0
  );
  const stop = () => {
    stopped.abort();
    return over;
  };
  return { builder, info, stop };
}
async function createMkfsBuilder(options) {
  const { builder, info } = await startMkfsBuilder(options);
  return { builder, info: await info };
}
async function testBuilder(builder, version, wanted, options) {
  const { path, privilege, level } = builder.program;
  const { timeout = TIMEOUT, maxTarSize = MAX_TAR_SIZE } = options;
  const limits = mkfsLimits({ blobSize: 0, timeout, maxTarSize, compresses: false });
  const confinement = describeConfinement(level, privilege, limits);
  const found7 = await findClass(builder, version, options).catch((error) => {
    if (isAboutImages(error)) refuseOldVersion(version);
    throw error;
  });
  const info = { kind: "mkfs", path, version, privilege, class: found7.class, confinement };
  if (found7.class === "unknown") {
    refuseOldVersion(version);
    const what = `mkfs.erofs ${version} produces images that match no known release (${found7.differs})`;
    if (wanted.kind !== "any") {
      const remedy = `${OTHER_MKFS}, or set erofs-utils-version to any`;
      throw new VeritySignError("environment", what, { remedy });
    }
    options.log.warn(`${what}: the root hashes are valid only for nodes with this very mkfs.erofs`);
  }
  refuseUnwanted(info, wanted);
  await tryOptions(builder, options);
  options.log.debug(`mkfs.erofs ${version}, class ${info.class}, as ${privilege}: ${path}`);
  const gaps = gapsOf(confinement);
  if (gaps.length > 0) options.log.warn(`mkfs.erofs is not fully confined: ${gaps.join(", ")}`);
  return info;
}
function isAboutImages(error) {
  return error instanceof VeritySignError && error.code !== "cancelled" && !(error instanceof SystemLimitError);
}
function parseWanted(text) {
  if (text === void 0 || text === "") return { kind: "none" };
  if (text === "any") return { kind: "any" };
  if (isKnownClass(text.toUpperCase())) return { kind: "class", value: text.toUpperCase() };
  if (/^\d+\.\d+/.test(text)) return { kind: "version", value: text };
  throw new VeritySignError(
    "usage",
    `erofs-utils-version ${JSON.stringify(text)} is neither a version nor a class`,
    {
      remedy: `Use a version such as 1.9.4, a class (${CLASSES_IN_WORDS}) or any`
    }
  );
}
function refuseUnwanted(info, wanted) {
  if (wanted.kind !== "class" && wanted.kind !== "version") return;
  const is = wanted.kind === "class" ? info.class : releaseOf(info.version, info.class);
  if (is === wanted.value || info.version === wanted.value) return;
  const what = `mkfs.erofs is version ${info.version}, class ${info.class}; erofs-utils-version requires ${wanted.kind} ${wanted.value}`;
  throw new VeritySignError("environment", what, {
    remedy: "Install that erofs-utils, set mkfs-path to it, or change erofs-utils-version"
  });
}
async function findClass(builder, version, options) {
  const profiles = testedProfiles(options);
  const runs = KNOWN_ANSWERS.flatMap((known) => profiles.map((profile) => ({ known, profile })));
  const settled = await Promise.allSettled(
    runs.map(async (run2) => ({ ...run2, sha256: await imageHash(builder, run2, options) }))
  );
  const answers = settled.map((result) => {
    if (result.status === "rejected") throw unableToRun(result.reason, version);
    return result.value;
  });
  const wrongFor = (of) => answers.filter(({ known, profile, sha256 }) => known.images[profile][of] !== sha256);
  const fits = KNOWN_CLASSES.find((of) => wrongFor(of).length === 0);
  const differs = wrongFor("C").map(({ known, profile }) => `${known.name} in profile ${profile}`);
  return { class: fits ?? "unknown", differs: differs.join(", ") };
}
async function tryOptions(builder, options) {
  const [known] = KNOWN_ANSWERS;
  if (options.mkfsOptions === void 0 || known === void 0) return;
  const mkfsOptions = parseMkfsOptions(options.mkfsOptions);
  for (const profile of testedProfiles(options)) {
    await imageHash(builder, { known, profile, mkfsOptions }, options).catch((error) => {
      throw refusedOptions(error, mkfsOptions);
    });
  }
}
function refusedOptions(error, mkfsOptions) {
  if (!(error instanceof VeritySignError) || error.message.includes("mkfs-options")) return error;
  const { cause } = error;
  if (!(cause instanceof ToolError) || cause.exitCode !== 1) return error;
  const said = /<E> erofs: ([^\t\n][^\n]*)/.exec(cause.stderr)?.[1] ?? `exit status ${cause.exitCode}`;
  return new VeritySignError(
    "usage",
    `mkfs-options ${mkfsOptions.join(" ")}: mkfs.erofs refuses them (${said})`,
    {
      remedy: "Use exactly the mkfs_options of the node's erofs differ, which its mkfs.erofs accepts",
      cause
    }
  );
}
function testedProfiles({ profiles }) {
  return TEST_PROFILES.filter(
    (profile) => profiles.some((asked) => PROFILES[asked].appendsTar === PROFILES[profile].appendsTar)
  );
}
async function imageHash(builder, {
  known,
  profile,
  mkfsOptions = PROFILES[profile].defaultOptions
}, { tempFolder, signal }) {
  const build = await builder.start({
    profile,
    uuid: layerUuid(known.digest),
    mkfsOptions,
    folder: tempFolder,
    name: `known-answer-${known.name}-${profile}`,
    blobSize: known.blob.length,
    maxTarSize: MAX_TAR_SIZE,
    timeout: TIMEOUT,
    ...signal === void 0 ? {} : { signal }
  });
  const tar = gunzipSync(Buffer.from(known.blob, "base64"));
  const sinks = build.sinks.map((fd) => new FdSink(fd));
  try {
    await Promise.all(sinks.map((sink) => sink.write(tar)));
    await Promise.all(sinks.map((sink) => sink.flush()));
  } catch (error) {
    build.stop();
    await Promise.all(sinks.map((sink) => sink.idle()));
    await build.abort();
    throw error;
  }
  const { files } = await build.finish();
  try {
    return hash("sha256", Buffer.concat(await Promise.all(files.map(({ path }) => readFile(path)))), "hex");
  } finally {
    await Promise.all(files.map(({ path }) => rm(path, { force: true })));
  }
}
function unableToRun(reason, version) {
  if (!(reason instanceof VeritySignError) || reason.code === "cancelled") return reason;
  if (reason instanceof SystemLimitError) return reason;
  return new VeritySignError(
    "environment",
    `mkfs.erofs ${version} cannot convert the built-in test layers: ${reason.message}`,
    { remedy: OTHER_MKFS, cause: reason }
  );
}

export {
  findProgram,
  programFolders,
  findPrivilege,
  endAsRoot,
  UnsupportedMkfsError,
  locateMkfs,
  measureMkfs,
  explainFailure,
  startMkfsBuilder,
  createMkfsBuilder
};
